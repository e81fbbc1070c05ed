//! The send buffer of [`SendBuffered`](super::SendBuffered). Non-OS firmware only.

use super::{
    super::{Fields, Line, asking_command, lines, set_command},
    LinkId, link,
};
use atat::AtatResp;

/// Writes `=<link>` where there is a link, nothing in single-connection mode.
fn optional_link(line: &mut Line<'_>, id: Option<LinkId>) {
    if id.is_some() {
        link(line, id);
    }
}

/// `AT+CIPBUFRESET[=<link>]`: counts segments from 1 again. `ERROR` while there is unsent or unacknowledged data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResetBuffer(
    /// Which link; `None` in single-connection mode.
    pub Option<LinkId>,
);

set_command!(ResetBuffer, "+CIPBUFRESET", 1_000, |this, line| {
    optional_link(line, this.0)
});

/// `AT+CIPBUFSTATUS[=<link>]`: state of the send buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryBuffer(
    /// Which link; `None` in single-connection mode.
    pub Option<LinkId>,
);

/// Answer to `AT+CIPBUFSTATUS`: `<next>,<sent>,<acknowledged>,<free>,<queue>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct BufferStatus {
    /// Number of the next segment.
    pub next: u32,
    /// Last segment handed to the network.
    pub sent: u32,
    /// Last segment that the other end has acknowledged.
    pub acknowledged: u32,
    /// Bytes free in the send buffer.
    pub free: u32,
    /// Slots free in the queue of segments; nothing can be sent while it is 0.
    pub queue: u32,
}

impl AtatResp for BufferStatus {}

asking_command!(
    QueryBuffer => BufferStatus, "+CIPBUFSTATUS", 1_000,
    |this, line| optional_link(line, this.0),
    |text| lines(text).find_map(|line| {
        let mut fields = Fields::new(line);
        Some(BufferStatus {
            next: fields.number()?,
            sent: fields.number()?,
            acknowledged: fields.number()?,
            free: fields.number()?,
            queue: fields.number()?,
        })
    })
);

/// `AT+CIPCHECKSEQ=[<link>,]<segment>`: whether a segment was sent. The module remembers the last 32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckSegment {
    /// Which link; `None` in single-connection mode.
    pub link: Option<LinkId>,
    /// Number of the segment.
    pub segment: u32,
}

/// `AT+CIPCHECKQUEUE=[<link>,]<segment>`: whether a segment is in the queue. Undocumented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckQueue {
    /// Which link; `None` in single-connection mode.
    pub link: Option<LinkId>,
    /// Number of the segment.
    pub segment: u32,
}

/// Answer to `AT+CIPCHECKSEQ` and `AT+CIPCHECKQUEUE`: `[<link>,]<segment>,TRUE` or `FALSE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct SegmentStatus {
    /// Which link; `None` in single-connection mode.
    pub link: Option<LinkId>,
    /// Number of the segment.
    pub segment: u32,
    /// What was asked.
    pub holds: bool,
}

impl AtatResp for SegmentStatus {}

asking_command!(
    CheckSegment => SegmentStatus, "+CIPCHECKSEQ", 1_000,
    |this, line| link(line, this.link).number(this.segment),
    |text| lines(text).find_map(segment_status)
);

asking_command!(
    CheckQueue => SegmentStatus, "+CIPCHECKQUEUE", 1_000,
    |this, line| link(line, this.link).number(this.segment),
    |text| lines(text).find_map(segment_status)
);

fn segment_status(line: &[u8]) -> Option<SegmentStatus> {
    let (numbers, holds) = match line.strip_suffix(b",TRUE") {
        Some(numbers) => (numbers, true),
        None => (line.strip_suffix(b",FALSE")?, false),
    };
    let mut fields = Fields::new(numbers);
    let first = fields.number()?;
    let (link, segment) = if fields.is_empty() {
        (None, first)
    } else {
        (Some(LinkId::from_number(first)?), fields.number()?)
    };
    fields.is_empty().then_some(SegmentStatus {
        link,
        segment,
        holds,
    })
}
