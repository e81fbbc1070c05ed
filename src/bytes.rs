//! Slices that cannot panic. One copy of the checks each, where every `get` would bring its own into the image.

/// The bytes `from..to`, empty where there are none.
#[inline(never)]
pub(crate) fn part(bytes: &[u8], from: usize, to: usize) -> &[u8] {
    bytes.get(from..to).unwrap_or_default()
}

/// The bytes from `from` to the end.
pub(crate) fn rest(bytes: &[u8], from: usize) -> &[u8] {
    part(bytes, from, bytes.len())
}

/// Two bytes, the lower one first.
#[inline(never)]
pub(crate) fn half_word(bytes: &[u8], at: usize) -> usize {
    match rest(bytes, at) {
        [low, high, ..] => usize::from(u16::from_le_bytes([*low, *high])),
        _ => 0,
    }
}
