//! The login of Alibaba Cloud's IoT platform, computed on the host.

use crate::{
    command::MAX_LINE,
    config::{AliyunDevice, UserConfig},
    error::{Argument, ArgumentError, Reason},
    secret::{Secret, SecretBuffer},
};
use core::fmt::Write as _;
use heapless::String;
use hmac::{Hmac, KeyInit, Mac};

/// The platform's limit for the part of the client id in front of the first `|`.
const CLIENT_ID_MAX: u16 = 64;
/// The module's limit.
const USERNAME_MAX: u16 = 64;

/// The hash behind the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum AliyunSignature {
    /// `hmacsha1`: a password of 40 characters.
    HmacSha1,
    /// `hmacsha256`: a password of 64 characters, the longest that the module takes.
    #[default]
    HmacSha256,
}

impl AliyunSignature {
    const fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "hmacsha1",
            Self::HmacSha256 => "hmacsha256",
        }
    }
}

/// What a device says of itself when it logs in, computed by [`AliyunDevice::login`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct AliyunLogin {
    client_id: String<MAX_LINE>,
    username: String<{ USERNAME_MAX as usize }>,
    password: SecretBuffer<64>,
}

impl AliyunLogin {
    /// `<client id>|securemode=3,signmethod=<method>,timestamp=<ms>|`.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// `<DeviceName>&<ProductKey>`.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The signature in lower-case hexadecimal.
    #[must_use]
    pub const fn password(&self) -> &SecretBuffer<64> {
        &self.password
    }

    /// The login for [`usercfg`](crate::Esp8266Mqtt::usercfg), over TCP.
    #[must_use]
    pub fn user_config(&self) -> UserConfig<'_> {
        UserConfig::new(&self.client_id).credentials(&self.username, self.password.reveal())
    }
}

impl AliyunDevice<'_> {
    /// Computes the login for a connection over TCP, as firmware without `AT+ALIYUN_MQTTCONN` needs it.
    ///
    /// `client_id` is up to the application: 1 to 64 bytes, the platform recommends the MAC address or the serial
    /// number. `timestamp` is the time in milliseconds since 1970; the platform does not check it, and a device without
    /// a clock leaves it out.
    ///
    /// [`connect_aliyun_signed`](crate::Esp8266Mqtt::connect_aliyun_signed) does all of it at once. A connection that is kept
    /// takes the login as its user:
    ///
    /// ```no_run
    /// # use embedded_hal::delay::DelayNs;
    /// # use esp8266_mqtt::{AliyunDevice, AliyunSignature, Error, Esp8266Mqtt, JoinOptions, Keeper, Uart, Wishes};
    /// # fn run<U: Uart, D: DelayNs>(module: &mut Esp8266Mqtt<'_, U, D>) -> Result<(), Error<U::Error>> {
    /// let device = AliyunDevice::new("product-key", "device-name", "device-secret");
    /// let login = device.login("device-name", AliyunSignature::HmacSha256, None)?;
    /// let host = "product-key.iot-as-mqtt.cn-shanghai.aliyuncs.com";
    /// let wishes = Wishes::new(host, 1883, login.user_config()).wifi(JoinOptions::new("my-network", "my-password"));
    /// let mut keeper = Keeper::new(wishes, 4711);
    /// loop {
    ///     let _kept = module.keep(&mut keeper, 1_000)?;
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// An argument that is empty, or too long for the platform or the module.
    pub fn login(
        &self,
        client_id: &str,
        signature: AliyunSignature,
        timestamp: Option<u64>,
    ) -> Result<AliyunLogin, ArgumentError> {
        let Self {
            product_key,
            device_name,
            device_secret,
        } = *self;
        check(Argument::ClientId, client_id, CLIENT_ID_MAX)?;
        check(Argument::ProductKey, product_key, USERNAME_MAX)?;
        check(Argument::DeviceName, device_name, USERNAME_MAX)?;
        check(Argument::DeviceSecret, device_secret.reveal(), u16::MAX)?;
        let mut username = String::new();
        write!(username, "{device_name}&{product_key}")
            .map_err(|_| too_long(Argument::Username, USERNAME_MAX))?;
        let mut digits = String::<20>::new();
        if let Some(timestamp) = timestamp {
            // 20 digits are enough for any `u64`.
            write!(digits, "{timestamp}").ok();
        }
        let (name, parameter) = if digits.is_empty() {
            ("", "")
        } else {
            ("timestamp", ",timestamp=")
        };
        let mut id = String::new();
        let method = signature.name();
        let written = write!(
            id,
            "{client_id}|securemode=3,signmethod={method}{parameter}{digits}|"
        );
        written.map_err(|_| too_long(Argument::ClientId, CLIENT_ID_MAX))?;
        // The parameters in alphabetical order, names and values without anything in between.
        let content = [
            "clientId",
            client_id,
            "deviceName",
            device_name,
            "productKey",
            product_key,
            name,
            &digits,
        ];
        let password = match signature {
            AliyunSignature::HmacSha1 => sign::<Hmac<sha1::Sha1>>(device_secret, &content),
            AliyunSignature::HmacSha256 => sign::<Hmac<sha2::Sha256>>(device_secret, &content),
        };
        Ok(AliyunLogin {
            client_id: id,
            username,
            password,
        })
    }
}

fn check(argument: Argument, text: &str, limit: u16) -> Result<(), ArgumentError> {
    if text.is_empty() {
        let reason = Reason::Empty;
        return Err(ArgumentError { argument, reason });
    }
    if text.len() > usize::from(limit) {
        return Err(too_long(argument, limit));
    }
    Ok(())
}

const fn too_long(argument: Argument, limit: u16) -> ArgumentError {
    let reason = Reason::TooLong { limit };
    ArgumentError { argument, reason }
}

fn sign<M: Mac + KeyInit>(key: Secret<'_>, content: &[&str]) -> SecretBuffer<64> {
    let mut hex = String::new();
    // HMAC takes a key of any length.
    if let Ok(mut mac) = <M as KeyInit>::new_from_slice(key.reveal().as_bytes()) {
        for part in content {
            mac.update(part.as_bytes());
        }
        for byte in mac.finalize().into_bytes() {
            write!(hex, "{byte:02x}").ok();
        }
    }
    SecretBuffer(hex)
}
