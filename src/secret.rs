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
