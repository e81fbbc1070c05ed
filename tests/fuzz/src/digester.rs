//! The digester in an ingress as atat's clients have it.
//!
//! Whatever the bytes: the results do not depend on how they were cut into pieces; each result takes at least one byte and
//! no more than there are; every message behind a line end comes out.

use crate::wire::{self, Noise, Payload, Spoken, message, number, short};
use arbitrary::{Arbitrary, Unstructured};
use atat::{AtatUrc, DigestResult, Digester as _};
use esp8266_mqtt::{Dialect, Digester, UrcBuffer};

#[derive(Debug)]
enum Segment {
    Message(u8, Payload),
    Noise(Noise),
    /// Anything, such as half a message.
    Raw(Vec<u8>),
}

const SEGMENTS: usize = 24;

#[derive(Arbitrary, Debug)]
struct Input {
    spoken: Spoken,
    is_detected: bool,
    has_raw: bool,
    pieces: [u8; 4],
}

impl<'a> Arbitrary<'a> for Segment {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(match u.int_in_range(0..=2)? {
            0 => Self::Message(u.arbitrary()?, u.arbitrary()?),
            1 => Self::Noise(u.arbitrary()?),
            _ => Self::Raw(short(u, 80)?),
        })
    }
}

/// # Panics
/// If something does not hold.
pub fn run(data: &[u8]) {
    let mut data = Unstructured::new(data);
    let Ok(input) = Input::arbitrary(&mut data) else {
        return;
    };
    let segments: Vec<Segment> = wire::until_the_end(&mut data, SEGMENTS);
    let mut stream = Vec::new();
    let mut sent = 0;
    for segment in &segments {
        match segment {
            Segment::Message(topic, payload) => {
                sent += 1;
                stream.extend(message(input.spoken, sent, *topic, &payload.0));
            }
            Segment::Noise(noise) => stream.extend(&noise.0),
            Segment::Raw(raw) if input.has_raw => stream.extend(raw),
            Segment::Raw(_) => {}
        }
    }
    let dialect = match input.is_detected {
        true => Dialect::Auto,
        false => input.spoken.dialect(),
    };
    let at_once = results(dialect, &stream, &[u8::MAX]);
    assert_eq!(results(dialect, &stream, &[0]), at_once, "byte by byte");
    let pieces = results(dialect, &stream, &input.pieces);
    assert_eq!(pieces, at_once, "{:?}", input.pieces);
    // What is no message of the vendor's form may be one of ESP-AT's when the dialect is detected.
    let is_known = !input.is_detected || matches!(input.spoken, Spoken::EspAt);
    if !input.has_raw && is_known {
        let received: Vec<_> = at_once.iter().filter_map(|result| result.1).collect();
        assert!(received.into_iter().eq(1..=sent), "{at_once:?}");
    }
}

/// What the digester makes of `stream` when it comes in pieces of one byte more than `pieces` say, over and over, and
/// which message each of it is.
fn results(dialect: Dialect, stream: &[u8], pieces: &[u8]) -> Vec<(String, Option<usize>)> {
    let mut digester = Digester::with_dialect(dialect);
    let mut buffer = Vec::new();
    let mut rest = stream;
    let mut results = Vec::new();
    for piece in pieces.iter().cycle() {
        let (now, later) = rest.split_at(rest.len().min(usize::from(*piece) + 1));
        rest = later;
        buffer.extend_from_slice(now);
        loop {
            let (result, count) = digester.digest(&buffer);
            assert!(count <= buffer.len(), "{count} of {}", buffer.len());
            let is_nothing = matches!(result, DigestResult::None);
            assert!(is_nothing || count > 0, "{result:?} of no byte");
            if !is_nothing {
                results.push((format!("{result:?}"), message_number(&result)));
            }
            if count == 0 {
                break;
            }
            buffer.drain(..count);
        }
        if rest.is_empty() {
            return results;
        }
    }
    results
}

fn message_number(result: &DigestResult<'_>) -> Option<usize> {
    let DigestResult::Urc(line) = result else {
        return None;
    };
    let frame = UrcBuffer::<512>::parse(line)?;
    number(frame.message()?.payload())
}
