//! Hardware addresses.

use core::{fmt, str::FromStr};

/// A MAC address, written `aa:bb:cc:dd:ee:ff`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddress(pub [u8; 6]);

impl MacAddress {
    /// Whether it may be given to an interface: bit 0 of the first byte, "multicast", is 0.
    #[must_use]
    pub const fn is_unicast(&self) -> bool {
        self.0[0] & 1 == 0
    }

    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let mut address = [0; 6];
        let mut groups = text.split(|&byte| byte == b':');
        for byte in &mut address {
            let &[high, low] = groups.next()? else {
                return None;
            };
            *byte = hex_digit(high)? << 4 | hex_digit(low)?;
        }
        groups.next().is_none().then_some(Self(address))
    }
}

fn hex_digit(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

impl fmt::Display for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

impl fmt::Debug for MacAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for MacAddress {
    fn format(&self, f: defmt::Formatter<'_>) {
        let [a, b, c, d, e, g] = self.0;
        defmt::write!(
            f,
            "{=u8:02x}:{=u8:02x}:{=u8:02x}:{=u8:02x}:{=u8:02x}:{=u8:02x}",
            a,
            b,
            c,
            d,
            e,
            g
        );
    }
}

/// A text that is not six hexadecimal bytes with colons between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MacAddressError;

impl fmt::Display for MacAddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a MAC address is written aa:bb:cc:dd:ee:ff")
    }
}

impl core::error::Error for MacAddressError {}

impl FromStr for MacAddress {
    type Err = MacAddressError;

    fn from_str(text: &str) -> Result<Self, MacAddressError> {
        Self::parse(text.as_bytes()).ok_or(MacAddressError)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::string::ToString;

    #[test]
    fn text_and_back() {
        let address: MacAddress = "18:fe:35:98:D3:7b".parse().unwrap();
        assert_eq!(address, MacAddress([0x18, 0xfe, 0x35, 0x98, 0xd3, 0x7b]));
        assert_eq!(address.to_string(), "18:fe:35:98:d3:7b");
        assert!(address.is_unicast());
        assert!(!MacAddress([1, 0, 0, 0, 0, 0]).is_unicast());
    }

    #[test]
    fn what_is_no_address() {
        for text in [
            "",
            "18:fe:35:98:d3",
            "18:fe:35:98:d3:7b:00",
            "18:fe:35:98:d3:7",
            "18:fe:35:98:d3:07b",
            "18-fe-35-98-d3-7b",
            "18:fe:35:98:d3:xx",
            "+8:fe:35:98:d3:7b",
        ] {
            assert_eq!(text.parse::<MacAddress>(), Err(MacAddressError), "{text}");
        }
    }
}
