//! The digester on bytes, and driven through atat's own client against the emulator.

use std::{cell::RefCell, time::Duration};

use atat::{
    AtatIngress, AtatUrc, Config, DigestResult, Digester as _, Ingress, InternalError,
    ResponseSlot, UrcChannel,
    blocking::{AtatClient, Client},
};
use embedded_io::{ErrorType, Read, ReadReady, Write};
use esp8266_mqtt::{
    Dialect, Digester, QoS, Reconnect, Secret, Store, Urc, UrcBuffer, UserConfig, WifiMode,
    command::{basic, mqtt, wifi},
};
use esp8266_mqtt_emulator::{AccessPoint, Bench, Settings, bench};

/// What a client would see of `bytes` when they come in pieces of `size`.
fn digest(mut digester: Digester, bytes: &[u8], size: usize) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut seen = Vec::new();
    let mut buffer = Vec::new();
    for piece in bytes.chunks(size) {
        buffer.extend_from_slice(piece);
        while !buffer.is_empty() {
            let (result, swallowed) = digester.digest(&buffer);
            match result {
                DigestResult::None => {}
                DigestResult::Prompt(prompt) => seen.push(format!("prompt {}", prompt as char)),
                DigestResult::Urc(urc) => seen.push(format!("urc {}", text(urc))),
                DigestResult::Response(Ok(answer)) => seen.push(format!("ok {}", text(answer))),
                DigestResult::Response(Err(InternalError::Custom(line))) => {
                    seen.push(format!("custom {}", text(line)));
                }
                DigestResult::Response(Err(error)) => seen.push(format!("error {error:?}")),
            }
            if swallowed == 0 {
                break;
            }
            buffer.drain(..swallowed);
        }
    }
    seen
}

fn cuts_in_any_pieces(cases: &[(&[u8], &[&str])]) {
    for (bytes, expected) in cases {
        for size in 1..=bytes.len() {
            let seen = digest(Digester::new(), bytes, size);
            assert_eq!(seen, *expected, "in pieces of {size}");
        }
    }
}

#[test]
fn cuts_the_stream_the_same_way_however_it_is_split() {
    let cases: &[(&[u8], &[&str])] = &[
        (
            b"WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n",
            &["urc WIFI CONNECTED", "urc WIFI GOT IP", "ok "],
        ),
        (
            b"+MQTTSUBRECV:0,\"t\",5,hello\r\n",
            &["urc +MQTTSUBRECV:0,\"t\",5,hello"],
        ),
        (
            b"+MQTTSUBRECV:0,\"t\",7,a\r\nOK\r\n\r\n\r\nERROR\r\n",
            &["urc +MQTTSUBRECV:0,\"t\",7,a\r\nOK\r\n", "error Error"],
        ),
        (
            b"+MQTTSUBRECV:test/a,123\r\n",
            &["urc +MQTTSUBRECV:test/a,123\r\n"],
        ),
        // No number, or more than one: the topic of a message that its line ends.
        (
            b"+MQTTSUBRECV:,\"x\",1,yz\r\n",
            &["urc +MQTTSUBRECV:,\"x\",1,yz\r\n"],
        ),
        (
            b"+MQTTSUBRECV:7a,\"x\",1,yz\r\n",
            &["urc +MQTTSUBRECV:7a,\"x\",1,yz\r\n"],
        ),
        // A line end in what would be the header of the other form.
        (
            b"+MQTTSUBRECV:0,\n\"abc\",1,yz\r\n",
            &["urc +MQTTSUBRECV:0,\n\"abc\",1,yz\r\n"],
        ),
        (
            b"+MQTTSUBRECV:0,\"abc\",\n1,yz\r\n",
            &["urc +MQTTSUBRECV:0,\"abc\",\n1,yz\r\n"],
        ),
        // What a number stands before is no result, and no restart.
        (
            b"+CWMODE:1\r\n1,SEND OK\r\n\r\nOK\r\n",
            &["urc 1,SEND OK", "ok "],
        ),
        (b"12ready\r\n\r\nOK\r\n", &["ok 12ready"]),
        (b"\r\nbusy p...\r\n", &["custom busy p..."]),
        (
            b"ERR CODE:0x010a6006\r\n\r\nERROR\r\n",
            &["custom ERR CODE:0x010a6006"],
        ),
        (
            b"ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n",
            &["custom busy p..."],
        ),
        (b"+CWJAP:2\r\n\r\nFAIL\r\n", &["custom +CWJAP:2"]),
        (
            b"AT+CWMODE?\r\r\n+CWMODE:1\r\n\r\nOK\r\n",
            &["ok +CWMODE:1"],
        ),
        // Empty lines before an answer are none of it.
        (b"\r\n+CWMODE:1\r\n\r\nOK\r\n", &["ok +CWMODE:1"]),
        (
            b"AT version:1.7.4.0(May)\r\nSDK version:3.0.4(9532ceb)\r\nOK\r\n",
            &["ok AT version:1.7.4.0(May)\r\nSDK version:3.0.4(9532ceb)"],
        ),
        (
            b"AT+MQTTCONN:0,4,1,\"h\",\"1883\",\"\",0\r\n\r\nOK\r\n",
            &["ok AT+MQTTCONN:0,4,1,\"h\",\"1883\",\"\",0"],
        ),
        (
            b"\r\nOK\r\n+MQTTSUBRECV:0,\"t\",1,>\r\n\r\n>+MQTTPUB:OK\r\n",
            &["ok ", "urc +MQTTSUBRECV:0,\"t\",1,>", "prompt >", "ok "],
        ),
        (
            b"+CWMODE:1\r\n+MQTTSUBRECV:0,\"t\",1,x\r\n\r\nOK\r\n",
            &["urc +MQTTSUBRECV:0,\"t\",1,x", "ok "],
        ),
    ];
    cuts_in_any_pieces(cases);
}

/// Data of a link is framed by its length: no line end, no answer and no message in it is one.
#[cfg(feature = "sockets")]
#[test]
fn cuts_data_of_links_the_same_way_however_it_is_split() {
    let cases: &[(&[u8], &[&str])] = &[
        (
            b"+IPD,0,9:a\r\nOK\r\nb\r\n\r\nOK\r\n",
            &["urc +IPD,0,9:a\r\nOK\r\nb\r", "ok "],
        ),
        // Lines of an answer before it are given up; those behind it are an answer of their own.
        (
            b"+CWMODE:1\r\n+IPD,1,2:\r\n+CWMODE:2\r\n\r\nOK\r\n",
            &["urc +IPD,1,2:\r\n", "ok +CWMODE:2"],
        ),
        (
            b"+CIPRECVDATA:6,\r\nOK\r\n\r\nOK\r\n",
            &["ok +CIPRECVDATA:6,\r\nOK\r\n"],
        ),
        (
            b"+CIPRECVDATA,4:ab\r\n\r\nOK\r\n",
            &["ok +CIPRECVDATA,4:ab\r\n"],
        ),
        (
            b"first\r\n+CIPRECVDATA:3,x \n\r\nOK\r\nWIFI GOT IP\r\n",
            &["ok first\r\n+CIPRECVDATA:3,x \n", "urc WIFI GOT IP"],
        ),
        (
            b"first\r\n+CIPRECVDATA:0,\r\n\r\nOK\r\n",
            &["ok first\r\n+CIPRECVDATA:0,"],
        ),
        // The end of data that another line follows is no end of the answer.
        (
            b"+CIPRECVDATA:2,x \r\nlast \r\n\r\nOK\r\n+CIPRECVDATA:1,y\r\n\r\nOK\r\n",
            &["ok +CIPRECVDATA:2,x \r\nlast", "ok +CIPRECVDATA:1,y"],
        ),
    ];
    cuts_in_any_pieces(cases);
}

#[test]
fn a_fixed_dialect_reads_what_detection_would_take_for_the_other() {
    let bytes = b"+MQTTSUBRECV:7,\"x\",1,yz\r\n";
    let seen = digest(Digester::with_dialect(Dialect::Vendor), bytes, 1);
    assert_eq!(seen, ["urc +MQTTSUBRECV:7,\"x\",1,yz\r\n"]);
    let seen = digest(Digester::with_dialect(Dialect::EspAt), bytes, 1);
    assert_eq!(seen, ["urc +MQTTSUBRECV:7,\"x\",1,y"]);
}

/// A frame does not say which dialect its digester was fixed to; its length does.
#[test]
fn messages_of_a_fixed_dialect_are_read_as_they_were_cut() {
    let vendor: [&[u8]; 4] = [b"\"x\",9,y", b"\"x\",1,yz", b"\"x\",0,", b"\"x\",1,\ny"];
    for payload in vendor {
        let bytes = [b"+MQTTSUBRECV:7,", payload, b"\r\n"].concat();
        let mut digester = Digester::with_dialect(Dialect::Vendor);
        let (DigestResult::Urc(frame), _) = digester.digest(&bytes) else {
            panic!("no frame: {}", bytes.escape_ascii());
        };
        let frame = <UrcLine as AtatUrc>::parse(frame).unwrap();
        let message = frame.message().expect("a message");
        assert_eq!((message.topic(), message.payload()), (&b"7"[..], payload));
    }
    let bytes = b"+MQTTSUBRECV:7,\"x\",3,y\r\n\r\n";
    let (DigestResult::Urc(frame), _) = Digester::new().digest(bytes) else {
        panic!("no frame");
    };
    let frame = <UrcLine as AtatUrc>::parse(frame).unwrap();
    let message = frame.message().expect("a message");
    assert_eq!(
        (message.topic(), message.payload()),
        (&b"x"[..], &b"y\r\n"[..])
    );
}

#[test]
fn survives_a_client_that_clears_its_buffer() {
    let mut digester = Digester::new();
    let half = b"+MQTTSUBRECV:0,\"t\",900,abc";
    assert_eq!(digester.digest(half), (DigestResult::None, 0));
    let (result, _) = digester.digest(b"OK\r\n");
    assert_eq!(result, DigestResult::Response(Ok(b"")));
}

type UrcLine = UrcBuffer<256>;
type In<'a> = Ingress<'a, Digester, UrcLine, 256, 8, 1>;

/// Sends to the emulator and, when the client has flushed, takes in all that comes in the next seconds.
struct Wire<'a, 'b> {
    bench: Bench,
    uart: bench::Uart,
    ingress: &'a RefCell<In<'b>>,
}

impl ErrorType for Wire<'_, '_> {
    type Error = <bench::Uart as ErrorType>::Error;
}

impl Write for Wire<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Self::Error> {
        self.uart.write(bytes)
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.uart.flush()?;
        let end = self.bench.now() + Duration::from_secs(20);
        while self.bench.now() < end {
            self.bench.advance(Duration::from_millis(1));
            while self.uart.read_ready()? {
                let mut bytes = [0; 16];
                let count = self.uart.read(&mut bytes)?;
                let written = self.ingress.borrow_mut().try_write(&bytes[..count]);
                assert_eq!(written, Ok(count));
            }
        }
        Ok(())
    }
}

#[test]
fn atats_client_runs_a_session() {
    let settings = Settings::esp_at()
        .with_access_points(vec![AccessPoint::new("home", "secret")])
        .with_rx_fifo(64);
    let bench = Bench::new(settings);
    let slot = ResponseSlot::new();
    let urcs = UrcChannel::<UrcLine, 8, 1>::new();
    let mut subscriber = urcs.subscribe().unwrap();
    let mut buffer = [0; 512];
    let ingress = RefCell::new(In::new(Digester::new(), &mut buffer, &slot, &urcs));
    let wire = Wire {
        uart: bench.uart(),
        bench,
        ingress: &ingress,
    };
    let mut tx = [0; 256];
    let config = Config::new().cmd_cooldown(embassy_time::Duration::from_ticks(0));
    let mut client = Client::new(wire, &slot, &mut tx, config);

    let firmware = client.send(&basic::QueryVersion).unwrap();
    assert_eq!(firmware.dialect(), Dialect::EspAt);
    client.send(&basic::SetEcho(false)).unwrap();
    let mode = wifi::SetMode {
        mode: WifiMode::Station,
        store: Store::Plain,
    };
    client.send(&mode).unwrap();
    let wrong = wifi::JoinAccessPoint {
        ssid: "home",
        password: Secret::new("wrong"),
        bssid: None,
        store: Store::Plain,
    };
    assert!(client.send(&wrong).is_err());
    let right = wifi::JoinAccessPoint {
        password: Secret::new("secret"),
        ..wrong
    };
    client.send(&right).unwrap();
    client.send(&UserConfig::new("atat")).unwrap();
    client
        .send(&mqtt::Connect {
            host: "broker",
            port: 1883,
            reconnect: Reconnect::Off,
        })
        .unwrap();
    let subscribe = mqtt::Subscribe {
        topic: "t",
        qos: QoS::AtMostOnce,
    };
    client.send(&subscribe).unwrap();
    while subscriber.try_next_message_pure().is_some() {}

    client
        .send(&mqtt::Publish {
            topic: "t",
            payload: b"one, \"two\"",
            qos: QoS::AtMostOnce,
            retain: false,
        })
        .unwrap();
    let urc = subscriber.try_next_message_pure().expect("a message");
    assert_eq!(urc.message().unwrap().topic(), b"t");
    assert_eq!(urc.message().unwrap().payload(), b"one, \"two\"");

    let bytes = b"\r\nOK\r\n\0\xFF";
    client
        .send(&mqtt::PublishRaw {
            topic: "t",
            length: bytes.len() as u16,
            qos: QoS::AtMostOnce,
            retain: false,
        })
        .unwrap();
    client.send(&mqtt::PublishData(bytes)).unwrap();
    let urc = subscriber.try_next_message_pure().expect("a message");
    assert_eq!(urc.message().unwrap().payload(), bytes);
    assert_eq!(urc.urc(), None);

    client.send(&wifi::QuitAccessPoint).unwrap();
    let urc = subscriber.try_next_message_pure().expect("an event");
    assert_eq!(urc.urc(), Some(Urc::WifiDisconnected));
}
