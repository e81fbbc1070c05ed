//! A session with each method on `embedded-hal-mock`: every byte written, every look at the receiver.

mod common;

use common::buffers;
use common::hal::Session;
use embedded_hal_mock::eh1::delay::NoopDelay;
use embedded_hal_mock::eh1::digital::{Mock as Pin, State, Transaction as PinTransaction};
use embedded_hal_mock::eh1::serial::Transaction;
use embedded_hal_nb::serial::ErrorKind;
use esp8266_mqtt::command::wifi::{QueryMode, SetMode};
use esp8266_mqtt::{
    AliyunDevice, ConnectionConfig, ConnectionState, Dialect, Error, Esp8266Mqtt, Event, JoinError,
    JoinOptions, NbSerial, Reconnect, Scheme, Store, UserConfig, Version, WifiMode, WifiStatus,
    Will,
};

const VENDOR: Dialect = Dialect::Vendor;
const ESP_AT: Dialect = Dialect::EspAt;
const ERROR: &str = "\r\nERROR\r\n";
const VERSION: &str = "AT version:1.7.2.0(Jan 19 2020 09:39:04)\r\nSDK version:3.0.2(824dc80)\r\n\
compile time:May 27 2020 10:12:17\r\nBin version(Wroom 02):1.7.2\r\nOK\r\n";
const ESP_AT_VERSION: &str = "AT version:2.2.1.0(b097cdf - ESP8266)\r\nSDK version:v3.4-22-g967752e2\r\n\
compile time(6800286):Aug  4 2021 17:20:05\r\nBin version:2.2.0(ESP8266_1MB)\r\n\r\nOK\r\n";
/// How often the driver looks at the receiver while it holds the reset pin low.
const LOOKS_IN_RESET: usize = 1251;

fn start() -> Session {
    Session::new().command("AT+GMR", VERSION).ok("ATE0")
}

#[test]
fn init_on_vendor_firmware() {
    let firmware = start().run(Dialect::Auto, |module| module.init().unwrap());
    assert_eq!(firmware.at, Version([1, 7, 2, 0]));
    assert_eq!(firmware.sdk, Version([3, 0, 2, 0]));
}

#[test]
fn init_on_esp_at_finds_out_whether_it_has_mqtt() {
    let start = || Session::new().command("AT+GMR", ESP_AT_VERSION).ok("ATE0");
    let query = "+MQTTCONN:0,0,0,\"\",\"\",\"\",0\r\n\r\nOK\r\n";
    let session = start().command("AT+MQTTCONN?", query);
    let dialect = session.run(Dialect::Auto, |module| {
        module.init().unwrap();
        module.dialect()
    });
    assert_eq!(dialect, Dialect::EspAt);
    let session = start().command("AT+MQTTCONN?", ERROR);
    let refused = session.run(Dialect::Auto, |module| module.init());
    assert_eq!(refused.unwrap_err(), Error::Rejected(None));
}

#[test]
fn restart() {
    let session = Session::new().command("AT+RST", "\r\nOK\r\n\r\nready\r\n");
    let session = session
        .command("AT+GMR", VERSION)
        .command("ATE0", "ATE0\r\n\r\nOK\r\n");
    session.run(VENDOR, |module| {
        let firmware = module.restart().unwrap();
        assert_eq!(firmware.dialect(), VENDOR);
        assert_eq!(module.poll(), Ok(Event::ModuleRestarted));
        assert_eq!(module.counters().restarts, 1);
    });
}

#[test]
fn hard_reset() {
    let session = Session::new()
        .silence(LOOKS_IN_RESET)
        .read("\x00\x1f?\r\nready\r\n");
    let session = session.command("AT+GMR", VERSION).ok("ATE0");
    let expected = [
        PinTransaction::set(State::Low),
        PinTransaction::set(State::High),
    ];
    let mut pin = Pin::new(&expected);
    session.run(VENDOR, |module| module.hard_reset(&mut pin).unwrap());
    pin.done();
}

#[test]
fn hard_reset_with_a_broken_pin() {
    let expected =
        [PinTransaction::set(State::Low).with_error(std::io::Error::other("stuck").into())];
    let mut pin = Pin::new(&expected);
    let result = Session::new().run(VENDOR, |module| module.hard_reset(&mut pin));
    assert_eq!(result.unwrap_err(), Error::Pin);
    pin.done();
}

#[test]
fn connect_wifi() {
    let answer = "WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n";
    let session = Session::new().command(r#"AT+CWJAP_CUR="my \"home\"","a\,b\\c""#, answer);
    session.run(VENDOR, |module| {
        module.connect_wifi("my \"home\"", "a,b\\c").unwrap()
    });
    let session = Session::new().command(r#"AT+CWJAP="home","""#, answer);
    session.run(ESP_AT, |module| module.connect_wifi("home", "").unwrap());
}

#[test]
fn connect_wifi_failure_codes() {
    for (answer, expected) in [
        ("+CWJAP:1\r\n\r\nFAIL\r\n", JoinError::TimedOut),
        ("+CWJAP:2\r\n\r\nFAIL\r\n", JoinError::WrongPassword),
        (
            "WIFI DISCONNECT\r\n+CWJAP:3\r\n\r\nFAIL\r\n",
            JoinError::NotFound,
        ),
        ("+CWJAP:4\r\n\r\nERROR\r\n", JoinError::Failed),
        ("+CWJAP:0\r\n\r\nERROR\r\n", JoinError::Other(0)),
    ] {
        let session = Session::new().command(r#"AT+CWJAP_CUR="home","secret""#, answer);
        let result = session.run(VENDOR, |module| module.connect_wifi("home", "secret"));
        assert_eq!(result, Err(Error::Join(expected)));
    }
}

#[test]
fn connect_wifi_makes_a_station_of_a_soft_access_point() {
    let join = r#"AT+CWJAP_CUR="home","secret""#;
    let session = Session::new()
        .command(join, ERROR)
        .ok("AT+CWMODE_CUR=1")
        .ok(join);
    session.run(VENDOR, |module| {
        module.connect_wifi("home", "secret").unwrap()
    });
}

#[test]
fn connect_wifi_with_options() {
    let options = JoinOptions::new("home", "secret")
        .bssid("44:33:4c:90:96:9a".parse().unwrap())
        .store(Store::Flash);
    let session = Session::new().ok(r#"AT+CWJAP_DEF="home","secret","44:33:4c:90:96:9a""#);
    session.run(VENDOR, |module| module.connect_wifi_with(&options).unwrap());
}

#[test]
fn disconnect_wifi() {
    let session = Session::new().command("AT+CWQAP", "WIFI DISCONNECT\r\n\r\nOK\r\n");
    session.run(VENDOR, |module| module.disconnect_wifi().unwrap());
}

#[test]
fn wifi_status() {
    let session = Session::new()
        .command("AT+CWJAP?", "No AP\r\n\r\nOK\r\n")
        .command(
            "AT+CWJAP?",
            "+CWJAP:\"a\"b,c\",\"44:33:4c:90:96:9a\",11,-55,0,0\r\n\r\nOK\r\n",
        )
        .command("AT+CWJAP?", "+CWJAP:\"home\"\r\n\r\nOK\r\n");
    session.run(ESP_AT, |module| {
        assert_eq!(module.wifi_status(), Ok(WifiStatus::NotJoined));
        let Ok(WifiStatus::Joined(ap)) = module.wifi_status() else {
            panic!("not joined")
        };
        assert_eq!(
            (ap.ssid.as_str(), ap.bssid.to_string().as_str()),
            ("a\"b,c", "44:33:4c:90:96:9a")
        );
        assert_eq!((ap.channel, ap.rssi), (11, -55));
        let Err(Error::UnexpectedResponse { command }) = module.wifi_status() else {
            panic!("read something")
        };
        assert_eq!(command.as_str(), "+CWJAP");
    });
}

#[test]
fn usercfg() {
    let config = UserConfig::new("id")
        .credentials("user", "pw")
        .scheme(Scheme::WebSocket);
    let line = r#"AT+MQTTUSERCFG=0,6,"id","user","pw",0,0,"/mqtt""#;
    let session = Session::new().ok(line);
    session.run(VENDOR, |module| {
        module.usercfg(&config.path("/mqtt")).unwrap()
    });
}

#[test]
fn usercfg_closes_a_forgotten_client_first() {
    let line = r#"AT+MQTTUSERCFG=0,1,"id","","",0,0,"""#;
    let session = Session::new()
        .command(line, ERROR)
        .ok("AT+MQTTCLEAN=0")
        .ok(line);
    session.run(ESP_AT, |module| {
        module.usercfg(&UserConfig::new("id")).unwrap()
    });
    let session = Session::new()
        .command(line, ERROR)
        .command("AT+MQTTCLEAN=0", ERROR);
    let session = session.command(line, ERROR);
    let result = session.run(ESP_AT, |module| module.usercfg(&UserConfig::new("id")));
    assert_eq!(result, Err(Error::Rejected(None)));
}

#[test]
fn conncfg() {
    let config = ConnectionConfig::new()
        .keep_alive(300)
        .will(Will::new("w", "gone").retained());
    let session = Session::new()
        .ok(r#"AT+MQTTCONNCFG=0,300,0,"w","gone",0,1"#)
        .ok(r#"AT+MQTTCONNCFG=0,120,0,"","",0,0"#);
    session.run(VENDOR, |module| {
        module.conncfg(&config).unwrap();
        module.conncfg(&ConnectionConfig::default()).unwrap();
    });
}

#[test]
fn connect_and_connection_state() {
    let line = r#"AT+MQTTCONN=0,"broker",1883,0"#;
    let urc = "+MQTTCONNECTED:0,1,\"broker\",\"1883\",\"\",0\r\n\r\nOK\r\n";
    let session = Session::new()
        .command(line, urc)
        .command(
            "AT+MQTTCONN?",
            "+MQTTCONN:0,4,1,\"broker\",\"1883\",\"\",0\r\n\r\nOK\r\n",
        )
        .command(line, "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n")
        .command(
            "AT+MQTTCONN?",
            "+MQTTCONN:0,2,1,\"\",\"\",\"\",0\r\n\r\nOK\r\n",
        );
    session.run(ESP_AT, |module| {
        module.connect("broker", 1883, Reconnect::Off).unwrap();
        assert_eq!(module.connection_state(), Ok(ConnectionState::Connected));
        let refused = module.connect("broker", 1883, Reconnect::Off);
        assert_eq!(refused, Err(Error::Rejected(None)));
        assert_eq!(
            module.connection_state(),
            Ok(ConnectionState::ConnectionConfigured)
        );
    });
}

#[test]
fn connection_state_where_the_firmware_does_not_know_the_query() {
    let session = Session::new()
        .command("AT+MQTTCONN?", ERROR)
        .ok(r#"AT+MQTTCONN=0,"broker",1883,1"#)
        .command("AT+MQTTCONN?", ERROR)
        .command(
            "AT+MQTTCONN?",
            "AT+MQTTCONN:0,6,1\"broker\",1883,\"\",1\r\n\r\nOK\r\n",
        );
    session.run(VENDOR, |module| {
        assert_eq!(module.connection_state(), Ok(ConnectionState::Disconnected));
        module.connect("broker", 1883, Reconnect::On).unwrap();
        assert_eq!(module.connection_state(), Ok(ConnectionState::Accepted));
        assert_eq!(module.connection_state(), Ok(ConnectionState::Subscribed));
    });
}

#[test]
fn connect_aliyun() {
    let device = AliyunDevice::new("key", "device", "not-a-secret");
    let line = r#"AT+ALIYUN_MQTTCONN="host",1884,"key","device","not-a-secret""#;
    let session = Session::new().ok(line).command(line, ERROR);
    session.run(VENDOR, |module| {
        module.connect_aliyun("host", 1884, &device).unwrap();
        let refused = module.connect_aliyun("host", 1884, &device);
        assert_eq!(refused, Err(Error::Rejected(None)));
    });
}

#[test]
fn send_any_command() {
    let session = Session::new()
        .ok("AT+CWMODE_DEF=3")
        .command("AT+CWMODE?", "+CWMODE:3\r\n\r\nOK\r\n");
    session.run(VENDOR, |module| {
        let (mode, store) = (WifiMode::StationAndSoftAp, Store::Flash);
        module.send(&SetMode { mode, store }).unwrap();
        assert_eq!(module.send(&QueryMode(Store::Plain)), Ok(mode));
    });
}

#[test]
fn a_uart_that_refuses_to_write_fails_the_command() {
    let session = Session::new().write("AT+C").then(Transaction::write_error(
        b'W',
        nb::Error::Other(ErrorKind::Other),
    ));
    let mut mock = session.mock();
    let uart = NbSerial::new(mock.clone());
    let mut module = Esp8266Mqtt::new(uart, NoopDelay::new(), buffers(64, 64));
    let Err(Error::Uart(error)) = module.disconnect_wifi() else {
        panic!("written")
    };
    assert_eq!(error.0, ErrorKind::Other);
    mock.done();
}
