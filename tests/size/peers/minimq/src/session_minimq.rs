//! What minimq does of the session: connect to a broker, subscribe, publish, receive.
//!
//! MQTT runs on the host, over a TCP stream that is taken to be open: joining Wi-Fi, opening the stream and all AT commands
//! are missing. It speaks MQTT 5 only.
#![no_std]
#![no_main]

use core::hint::black_box;

use minimq::{Buffers, ConfigBuilder, Publication, Session, TopicFilter, Will};
use size_peer::Stream;

async fn session(rx: &mut [u8], tx: &mut [u8]) -> Option<()> {
    let will = Will::new("topic/will", b"gone", &[]).ok()?;
    let config = ConfigBuilder::new(Buffers::new(rx, tx))
        .client_id("client")
        .ok()?
        .auth("user", b"secret")
        .ok()?
        .will(will)
        .ok()?;
    let mut session = Session::new(config);
    let mut connection = session.connect(Stream).await.ok()?;
    let topics = [TopicFilter::new("topic/in")];
    let subscribing = connection.subscribe(&topics, &[]).await.ok()?;
    while connection.is_pending(&subscribing) {
        connection.poll().await.ok()?;
    }
    let text = Publication::bytes("topic/out", b"hello");
    connection.publish(text).await.ok()?;
    let binary = Publication::bytes("topic/out", &[0, b'\r', b'\n', 0xff]);
    connection.publish(binary).await.ok()?;
    loop {
        let message = connection.recv().await.ok()?;
        black_box(message.topic());
        black_box(message.payload());
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    let mut rx = [0; 512];
    let mut tx = [0; 256];
    black_box(embassy_futures::block_on(session(&mut rx, &mut tx)).is_some());
    loop {}
}
