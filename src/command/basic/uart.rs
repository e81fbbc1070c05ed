//! The UART between host and module.

use super::super::{numbered, query_command, set_command};
use crate::types::Store;
use atat::AtatResp;

/// A baud rate: 80 to 5,000,000. Non-OS firmware takes 110 to 4,608,000, ESP-AT on an ESP8266 up to 4,500,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BaudRate(u32);

impl BaudRate {
    /// The slowest.
    pub const MIN: Self = Self(80);
    /// The fastest.
    pub const MAX: Self = Self(5_000_000);
    /// What the vendor ships the module with.
    pub const B9600: Self = Self(9600);
    /// What Espressif's firmware starts with.
    pub const B115200: Self = Self(115_200);

    /// What modules are found at, the likeliest first.
    pub const COMMON: [Self; 9] = [
        Self(9600),
        Self(115_200),
        Self(57_600),
        Self(38_400),
        Self(19_200),
        Self(74_880),
        Self(230_400),
        Self(460_800),
        Self(921_600),
    ];

    /// `None` if out of range.
    #[must_use]
    pub const fn new(bits_per_second: u32) -> Option<Self> {
        if bits_per_second < Self::MIN.0 || bits_per_second > Self::MAX.0 {
            return None;
        }
        Some(Self(bits_per_second))
    }

    /// Bits per second.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

numbered! {
    /// Data bits of a UART frame.
    pub enum DataBits {
        /// 5.
        Five = 5,
        /// 6.
        Six = 6,
        /// 7.
        Seven = 7,
        /// 8, the usual.
        Eight = 8,
    }
}

numbered! {
    /// Stop bits of a UART frame.
    pub enum StopBits {
        /// 1 is one, the usual.
        One = 1,
        /// 2 is one and a half.
        OneAndHalf = 2,
        /// 3 is two.
        Two = 3,
    }
}

numbered! {
    /// Parity bit of a UART frame.
    pub enum Parity {
        /// 0: none, the usual.
        None = 0,
        /// 1: odd.
        Odd = 1,
        /// 2: even.
        Even = 2,
    }
}

numbered! {
    /// Hardware flow control of the module. On an ESP8266 CTS is MTCK (GPIO13) and RTS is MTDO (GPIO15).
    pub enum FlowControl {
        /// 0: none.
        None = 0,
        /// 1: RTS; the module stops the host.
        Rts = 1,
        /// 2: CTS; the host stops the module.
        Cts = 2,
        /// 3: both.
        RtsCts = 3,
    }
}

/// Settings of the module's UART.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct UartConfig {
    /// Bits per second. A query gives the real rate, such as 115,273.
    pub baud_rate: BaudRate,
    /// Data bits.
    pub data_bits: DataBits,
    /// Stop bits.
    pub stop_bits: StopBits,
    /// Parity.
    pub parity: Parity,
    /// Flow control.
    pub flow_control: FlowControl,
}

impl UartConfig {
    /// 8 data bits, no parity, 1 stop bit, no flow control.
    #[must_use]
    pub const fn new(baud_rate: BaudRate) -> Self {
        Self {
            baud_rate,
            data_bits: DataBits::Eight,
            stop_bits: StopBits::One,
            parity: Parity::None,
            flow_control: FlowControl::None,
        }
    }
}

impl AtatResp for UartConfig {}

query_command! {
    /// `AT+UART?`: the settings of the UART.
    QueryUart(Store), "+UART", UartConfig, |fields| Some(UartConfig {
        baud_rate: BaudRate::new(fields.number()?)?,
        data_bits: DataBits::from_number(fields.number()?)?,
        stop_bits: StopBits::from_number(fields.number()?)?,
        parity: Parity::from_number(fields.number()?)?,
        flow_control: FlowControl::from_number(fields.number()?)?,
    })
}

/// `AT+UART=<baud>,<data bits>,<stop bits>,<parity>,<flow control>`: changes the UART.
///
/// `OK` still comes at the old rate. Wait 50 ms before the first command at the new one. `_DEF` and the plain name write
/// flash: a rate that the host cannot do then locks it out for good, so try it with `_CUR` first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetUart {
    /// The settings.
    pub config: UartConfig,
    /// Form of the command name. ESP-AT has [`Store::Current`] and [`Store::Flash`] alone.
    pub store: Store,
}

set_command!(SetUart, "+UART", 1_000, |this, line| line
    .text(this.store.suffix())
    .text("=")
    .number(this.config.baud_rate.get())
    .number(this.config.data_bits as u32)
    .number(this.config.stop_bits as u32)
    .number(this.config.parity as u32)
    .number(this.config.flow_control as u32));

/// `AT+IPR=<baud>`: changes the baud rate before `OK` is sent, and writes flash. Undocumented; prefer [`SetUart`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetBaudRateAtOnce(
    /// The rate.
    pub BaudRate,
);

set_command!(SetBaudRateAtOnce, "+IPR", 1_000, |this, line| line
    .text("=")
    .number(this.0.get()));
