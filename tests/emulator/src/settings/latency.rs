//! How quick the module and its surroundings are.

use core::time::Duration;

use super::Firmware;

/// How long the module, the radio and the network take.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Latency {
    /// From the line end of a command to its answer, for commands without a wait of their own.
    pub command: Duration,
    /// From a reset to `ready`.
    pub boot: Duration,
    /// From the start of a join to `WIFI CONNECTED`.
    pub associate: Duration,
    /// From `WIFI CONNECTED` to `WIFI GOT IP`.
    pub dhcp: Duration,
    /// From the start of a join to the answer of its failure.
    pub join_failure: Duration,
    /// A scan of all channels.
    pub scan: Duration,
    /// NonOS AT looks at the join so often; `OK` waits for the next look.
    pub join_poll: Duration,
    /// From `AT+MQTTCONN` to the broker seeing the connection.
    pub mqtt_connect: Duration,
    /// From `AT+MQTTCONN` to its `OK` on the vendor's firmware, which only accepts the request.
    pub mqtt_accept: Duration,
    /// Between two attempts to connect to the broker again.
    pub mqtt_retry: Duration,
    /// After which an unreachable host is given up.
    pub network_timeout: Duration,
    /// From the broker's side of a request to its acknowledgement.
    pub round_trip: Duration,
    /// Each of the four steps of `AT+CIUPDATE`.
    pub update_step: Duration,
    /// From a phone's SmartConfig broadcast to the module knowing the access point.
    pub smart_config: Duration,
    /// After which WPS is given up.
    pub wps_timeout: Duration,
    /// From `AT+CIPSNTPCFG` with Wi-Fi to the first answer of a time server.
    pub sntp: Duration,
    /// Between `OK` and `>` of `AT+MQTTPUBRAW`.
    pub prompt: Duration,
    /// What `AT+MQTTUNSUB` of an unknown topic takes in addition.
    pub unknown_unsubscribe: Duration,
}

impl Latency {
    /// Everything at once.
    #[must_use]
    pub fn zero() -> Self {
        let zero = Duration::ZERO;
        Self {
            command: zero,
            boot: zero,
            associate: zero,
            dhcp: zero,
            join_failure: zero,
            scan: zero,
            join_poll: zero,
            mqtt_connect: zero,
            mqtt_accept: zero,
            mqtt_retry: Duration::from_millis(1),
            network_timeout: zero,
            round_trip: zero,
            update_step: zero,
            smart_config: zero,
            wps_timeout: Duration::from_secs(120),
            sntp: zero,
            prompt: zero,
            unknown_unsubscribe: zero,
        }
    }

    /// As measured on modules with `firmware`.
    #[must_use]
    pub fn typical(firmware: Firmware) -> Self {
        let nonos = firmware.is_nonos();
        let by =
            |legacy: u64, esp_at: u64| Duration::from_millis(if nonos { legacy } else { esp_at });
        Self {
            command: by(15, 15),
            boot: by(600, 500),
            associate: by(2500, 2500),
            dhcp: by(1200, 1200),
            join_failure: by(14_000, 15_000),
            scan: by(1600, 1600),
            join_poll: by(1000, 0),
            mqtt_connect: by(300, 300),
            mqtt_accept: by(400, 0),
            mqtt_retry: by(5000, 10_000),
            network_timeout: by(10_000, 10_000),
            round_trip: by(10, 10),
            update_step: by(3000, 3000),
            smart_config: by(4000, 4000),
            wps_timeout: by(120_000, 120_000),
            sntp: by(1000, 1000),
            prompt: by(1, 1),
            unknown_unsubscribe: by(135, 135),
        }
    }
}
