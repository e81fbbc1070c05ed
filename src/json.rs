//! JSON payloads, by `serde-json-core`: no allocation, no recursion beyond the type's own.

use crate::{
    error::{Argument, ArgumentError, Reason},
    message::Message,
};
use serde::{Deserialize, Serialize};
pub use serde_json_core::de::Error as JsonError;

impl<'a> Message<'a> {
    /// Reads the payload as JSON.
    ///
    /// Strings without escapes are borrowed from the message; one with escapes needs
    /// [`json_escaped`](Self::json_escaped).
    ///
    /// # Errors
    /// If the payload is not JSON, not of this type, or goes on behind the value.
    pub fn json<T: Deserialize<'a>>(&self) -> Result<T, JsonError> {
        self.whole(serde_json_core::from_slice(self.payload()))
    }

    /// As [`json`](Self::json), and resolves escapes in strings by means of `scratch`, which has room for the longest.
    ///
    /// Such a string is read into a type of its own, like `heapless::String`; `&str` still cannot have escapes.
    ///
    /// # Errors
    /// As `json`, and if `scratch` is too short.
    pub fn json_escaped<T: Deserialize<'a>>(&self, scratch: &mut [u8]) -> Result<T, JsonError> {
        self.whole(serde_json_core::from_slice_escaped(self.payload(), scratch))
    }

    fn whole<T>(&self, read: Result<(T, usize), JsonError>) -> Result<T, JsonError> {
        let (value, len) = read?;
        let rest = self.payload().get(len..).unwrap_or_default();
        if rest.trim_ascii().is_empty() {
            Ok(value)
        } else {
            Err(JsonError::TrailingCharacters)
        }
    }
}

/// Writes `value` into `buffer`.
pub(crate) fn write<'b>(
    value: &impl Serialize,
    buffer: &'b mut [u8],
) -> Result<&'b [u8], ArgumentError> {
    let limit = u16::try_from(buffer.len()).unwrap_or(u16::MAX);
    let len = serde_json_core::to_slice(value, buffer).map_err(|_| ArgumentError {
        argument: Argument::Payload,
        reason: Reason::TooLong { limit },
    })?;
    Ok(buffer.get(..len).unwrap_or_default())
}
