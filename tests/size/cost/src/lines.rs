//! Lines to receive.

/// Length of a message's line in ESP-AT's form, with its line end.
const fn line_len(topic: usize, payload: usize) -> usize {
    b"+MQTTSUBRECV:0,\"\",,\r\n".len() + topic + digits(payload) + payload
}

const fn digits(mut value: usize) -> usize {
    let mut count = 1;
    while value >= 10 {
        value /= 10;
        count += 1;
    }
    count
}

/// A message as ESP-AT prints it; `N` is its [`line_len`].
const fn message<const N: usize>(topic: usize, payload: usize) -> [u8; N] {
    assert!(N == line_len(topic, payload));
    let mut line = [b'p'; N];
    let at = put(&mut line, 0, b"+MQTTSUBRECV:0,\"");
    let mut end = at + topic;
    let mut i = at;
    while i < end {
        line[i] = b't';
        i += 1;
    }
    end = put(&mut line, end, b"\",");
    let count = digits(payload);
    let mut rest = payload;
    let mut i = count;
    while i > 0 {
        i -= 1;
        line[end + i] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    put(&mut line, end + count, b",");
    put(&mut line, N - 2, b"\r\n");
    line
}

const fn put<const N: usize>(line: &mut [u8; N], at: usize, text: &[u8]) -> usize {
    let mut i = 0;
    while i < text.len() {
        line[at + i] = text[i];
        i += 1;
    }
    at + i
}

/// A message of 441 bytes on the wire: 400 and a few of payload, as a JSON report of a sensor is.
pub static LINE_441: [u8; 441] = message(8, 409);
/// About ten times as long.
pub static LINE_4096: [u8; 4096] = message(8, 4063);
/// Bytes between two polls.
pub const CHUNKS: [usize; 3] = [1, 16, 64];

/// Messages with payloads of these lengths.
pub static PAYLOADS: [(usize, &[u8]); 5] = [
    (16, &message::<{ line_len(8, 16) }>(8, 16)),
    (64, &message::<{ line_len(8, 64) }>(8, 64)),
    (256, &message::<{ line_len(8, 256) }>(8, 256)),
    (1024, &message::<{ line_len(8, 1024) }>(8, 1024)),
    (4096, &message::<{ line_len(8, 4096) }>(8, 4096)),
];

/// Messages with topics of these lengths.
pub static TOPICS: [(usize, &[u8]); 3] = [
    (8, &message::<{ line_len(8, 16) }>(8, 16)),
    (32, &message::<{ line_len(32, 16) }>(32, 16)),
    (128, &message::<{ line_len(128, 16) }>(128, 16)),
];

/// Numbers of messages that wait at once.
pub const QUEUES: [usize; 3] = [1, 8, 32];
/// Length of one of them.
pub const QUEUED_LINE: usize = line_len(8, 32);
/// The most that wait.
pub static QUEUE: [u8; 32 * QUEUED_LINE] = repeated(&message::<QUEUED_LINE>(8, 32));

const fn repeated<const N: usize>(line: &[u8]) -> [u8; N] {
    let mut all = [0; N];
    let mut i = 0;
    while i < N {
        all[i] = line[i % line.len()];
        i += 1;
    }
    all
}
