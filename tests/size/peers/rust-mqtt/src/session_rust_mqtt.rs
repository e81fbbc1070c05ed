//! What rust-mqtt does of the session: connect to a broker, subscribe, publish, receive.
//!
//! MQTT runs on the host, over a TCP stream that is taken to be open: joining Wi-Fi, opening the stream and all AT commands
//! are missing. It speaks MQTT 5 only. Pings are left to the application, and so is giving the memory of received messages
//! back, which is `unsafe`.
#![no_std]
#![no_main]

use core::hint::black_box;

use rust_mqtt::buffer::BumpBuffer;
use rust_mqtt::client::Client;
use rust_mqtt::client::event::Event;
use rust_mqtt::client::options::{
    ConnectOptions, PublicationOptions, SubscriptionOptions, TopicReference, WillOptions,
};
use rust_mqtt::types::{MqttBinary, MqttString, TopicFilter, TopicName};
use size_peer::Stream;

fn topic(name: &str) -> Option<TopicName<'_>> {
    TopicName::new(MqttString::from_str(name).ok()?)
}

async fn session(buf: &mut [u8]) -> Option<()> {
    let mut buffer = BumpBuffer::new(buf);
    // One subscription pending, one incoming publication, none outgoing that is acknowledged; no properties, no aliases.
    let mut client = Client::<_, _, 1, 1, 0, 0, 0, 0, 0>::new(&mut buffer);
    let will = WillOptions::new(topic("topic/will")?, MqttBinary::from_slice(b"gone").ok()?);
    let options = ConnectOptions::new()
        .clean_start()
        .user_name(MqttString::from_str("user").ok()?)
        .password(MqttBinary::from_slice(b"secret").ok()?)
        .will(will);
    let id = MqttString::from_str("client").ok()?;
    client.connect(Stream, &options, Some(id)).await.ok()?;
    let filter = TopicFilter::new(MqttString::from_str("topic/in").ok()?)?;
    let subscription = SubscriptionOptions::new();
    client.subscribe(filter, &subscription).await.ok()?;
    let Event::Suback(_) = client.poll().await.ok()? else {
        return None;
    };
    let publication = PublicationOptions::new(TopicReference::Name(topic("topic/out")?));
    let text = b"hello".as_slice();
    client.publish(&publication, text.into()).await.ok()?;
    let binary = [0, b'\r', b'\n', 0xff].as_slice();
    client.publish(&publication, binary.into()).await.ok()?;
    loop {
        // SAFETY: nothing that was received is used any more.
        unsafe { client.buffer_mut().reset() };
        if let Event::Publish(message) = client.poll().await.ok()? {
            black_box(message.topic);
            black_box(message.message.as_bytes());
        }
    }
}

#[cortex_m_rt::entry]
fn main() -> ! {
    size_stub::touch();
    let mut buf = [0; 512];
    black_box(embassy_futures::block_on(session(&mut buf)).is_some());
    loop {}
}
