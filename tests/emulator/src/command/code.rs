//! `ERR CODE` values of ESP-AT (`esp_at_core.h`): `0x01`, a sub code, and 16 bits of extension.

/// What follows `ERR CODE:0x`.
pub(crate) type Code = u32;

pub(crate) const NO_LINE_END: Code = 0x0102_0000;
pub(crate) const NO_PREFIX: Code = 0x0103_0000;
pub(crate) const UNKNOWN: Code = 0x0109_0000;
pub(crate) const FAILED: Code = 0x010a_0000;
pub(crate) const BUSY: Code = 0x010b_0000;
pub(crate) const FORM: Code = 0x010c_0000;

fn with_index(sub: Code, index: usize) -> Code {
    0x0100_0000 | sub << 16 | u32::try_from(index).unwrap_or(0xffff)
}

pub(crate) fn length(index: usize) -> Code {
    with_index(0x04, index)
}

pub(crate) fn kind(index: usize) -> Code {
    with_index(0x05, index)
}

pub(crate) fn count(need: usize, given: usize) -> Code {
    with_index(0x06, need << 8 | given)
}

pub(crate) fn invalid(index: usize) -> Code {
    with_index(0x07, index)
}

pub(crate) fn parse_failure(index: usize) -> Code {
    with_index(0x08, index)
}

/// The MQTT module's own codes, 0x6001..=0x6052.
pub(crate) fn mqtt(extension: Code) -> Code {
    FAILED | extension
}
