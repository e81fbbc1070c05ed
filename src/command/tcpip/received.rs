//! What stands before data that [`ReceiveData`](super::ReceiveData) has fetched.

use super::super::fields::Fields;
use core::net::SocketAddrV4;

const NAME: &[u8] = b"+CIPRECVDATA";

/// `:4294967295,"255.255.255.255",65535,`.
const LONGEST: usize = 36;

/// What stands before data: `+CIPRECVDATA,<length>:` (non-OS firmware) or `+CIPRECVDATA:<length>,` (ESP-AT), in both with
/// address and port of the sender behind the length after `AT+CIPDINFO=1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DataHeader {
    /// Bytes of the header. The data follows at once; CR LF and `OK` follow the data.
    pub len: usize,
    /// Bytes of the data, which may hold anything.
    pub data_len: usize,
    /// Who sent it, if the module says so.
    pub sender: Option<SocketAddrV4>,
}

/// Why there is no [`DataHeader`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum HeaderError {
    /// So far these are the first bytes of a header.
    Incomplete,
    /// Not a header, whatever follows.
    Invalid,
}

/// Reads the header at the front of `bytes`, which begin at the plus sign.
///
/// `sender_shown` says whether `AT+CIPDINFO=1` was sent: in ESP-AT's form nothing else tells the sender from data.
///
/// # Errors
/// [`HeaderError::Incomplete`] until the header has arrived; never for more than 48 bytes.
pub fn data_header(bytes: &[u8], sender_shown: bool) -> Result<DataHeader, HeaderError> {
    let Some(rest) = bytes.strip_prefix(NAME) else {
        let incomplete = NAME.starts_with(bytes);
        return Err(error(incomplete));
    };
    let (end, ends) = match rest {
        [] => return Err(HeaderError::Incomplete),
        [b',', ..] => (b':', 1),
        [b':', ..] => (b',', if sender_shown { 3 } else { 1 }),
        _ => return Err(HeaderError::Invalid),
    };
    let mut left = ends;
    let last = rest.iter().skip(1).take(LONGEST).position(|&byte| {
        left -= usize::from(byte == end);
        left == 0
    });
    let fields = rest.get(1..last.map_or(rest.len(), |last| 1 + last));
    let fields = fields.ok_or(HeaderError::Invalid)?;
    let Some(last) = last else {
        let possible = fields.len() < LONGEST
            && fields
                .iter()
                .all(|byte| matches!(byte, b'0'..=b'9' | b',' | b'.' | b'"'));
        return Err(error(possible));
    };
    header(fields, NAME.len() + last + 2).ok_or(HeaderError::Invalid)
}

const fn error(incomplete: bool) -> HeaderError {
    if incomplete {
        HeaderError::Incomplete
    } else {
        HeaderError::Invalid
    }
}

fn header(fields: &[u8], len: usize) -> Option<DataHeader> {
    let mut fields = Fields::new(fields);
    let data_len = usize::try_from(fields.number()?).ok()?;
    let sender = if fields.is_empty() {
        None
    } else {
        Some(SocketAddrV4::new(fields.address()?, fields.small()?))
    };
    fields.is_empty().then_some(DataHeader {
        len,
        data_len,
        sender,
    })
}
