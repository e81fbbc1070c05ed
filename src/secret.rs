//! Text that must not reach a log.

use core::fmt;
use heapless::String;

/// A password or device secret: sent to the module as it is, shown as `<redacted>` by `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Secret<'a>(&'a str);

impl<'a> Secret<'a> {
    /// Wraps `text`.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The text itself, for the one who sends it.
    #[must_use]
    pub const fn reveal(&self) -> &'a str {
        self.0
    }
}

impl<'a> From<&'a str> for Secret<'a> {
    fn from(text: &'a str) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for Secret<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "<redacted>");
    }
}

/// A secret of up to `N` bytes that the module has printed; shown as `<redacted>` by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretBuffer<const N: usize>(pub(crate) String<N>);

impl<const N: usize> SecretBuffer<N> {
    /// The text itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> fmt::Debug for SecretBuffer<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(feature = "defmt")]
impl<const N: usize> defmt::Format for SecretBuffer<N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "<redacted>");
    }
}

/// A line that the module has printed and that may hold a secret; shown as `<redacted>` by `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct SecretLine<'a>(&'a [u8]);

impl<'a> SecretLine<'a> {
    /// Wraps `line`.
    #[must_use]
    pub const fn new(line: &'a [u8]) -> Self {
        Self(line)
    }

    /// The line itself.
    #[must_use]
    pub const fn reveal(&self) -> &'a [u8] {
        self.0
    }
}

impl fmt::Debug for SecretLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

#[cfg(feature = "defmt")]
impl defmt::Format for SecretLine<'_> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "<redacted>");
    }
}
