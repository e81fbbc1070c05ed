//! The second Arduino program of the module's product page, for Alibaba Cloud, line by line. The comments are the sketch.
//!
//! ```sh
//! cargo run --example arduino_aliyun                          # emulated module
//! cargo run --example arduino_aliyun -- --port /dev/ttyUSB0   # a real one, after the constants below are yours
//! ```

#[path = "arduino/board.rs"]
mod board;

use esp8266_mqtt::{AliyunDevice, Buffers, Esp8266Mqtt, QoS, Version, command::wifi::WifiStatus};
use std::{fmt::Debug, process::ExitCode};

const SSID: &str = "emakefun";
const PASSWORD: &str = "wifi-password";

const ALIYUN_MQTT_HOST: &str = "product-key.iot-as-mqtt.cn-shanghai.aliyuncs.com";
const ALIYUN_MQTT_PORT: u16 = 1883;
const PRODUCT_KEY: &str = "product-key";
const DEVICE_NAME: &str = "emakefun";
const DEVICE_SECRET: &str = "device-secret";

fn main() -> ExitCode {
    board::run(sketch)
}

fn sketch() -> Result<(), board::Error> {
    // SoftwareSerial esp8266_serial(5, 6);  esp8266_serial.begin(9600);
    let esp8266_serial = board::serial(9600, (SSID, PASSWORD))?;
    println!("Aliyun MqttSendReceive Test");
    // WiFiEspMqtt esp8266;  WiFi.init(&esp8266_serial);
    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let buffers = Buffers::new(&mut rx, &mut tx);
    let mut esp8266 = Esp8266Mqtt::new(esp8266_serial, board::PacedDelay::new(), buffers);
    let firmware = esp8266.init()?;
    // assertEquals("Firmware version", WiFi.firmwareVersion(), "3.0.2");
    assert_equals("Firmware version", &firmware.sdk, &Version([3, 0, 2, 0]));
    // assertEquals("Status is (WL_DISCONNECTED)", WiFi.status(), WL_DISCONNECTED);
    let status = esp8266.wifi_status()?;
    assert_equals("Status is not joined", &status, &WifiStatus::NotJoined);

    // if (WiFi.begin(ssid, passwd) == WL_CONNECTED) {
    esp8266.connect_wifi(SSID, PASSWORD)?;
    println!("wifi connected");
    // esp8266.mqtt_connect_aliyun(aliyun_mqtt_host, aliyun_mqtt_port, product_key, device_name, device_secret, 0):
    // the sketch has it before WiFi.begin, where only luck connects
    let device = AliyunDevice::new(PRODUCT_KEY, DEVICE_NAME, DEVICE_SECRET);
    esp8266.connect_aliyun(ALIYUN_MQTT_HOST, ALIYUN_MQTT_PORT, &device)?;
    println!("broker: {:?}", esp8266.wait_connected(10_000)?);
    // esp8266.mqtt_sub("/product-key/emakefun/user/get", 0);
    esp8266.subscribe(&topic("get"), QoS::AtMostOnce)?;
    // }
    // esp8266.mqtt_public("/product-key/emakefun/user/add", "on", 0);
    esp8266.publish(&topic("add"), "on", QoS::AtMostOnce)?;
    // delay(10000): not needed, nothing that arrives is lost

    // void loop() {
    loop {
        // if (esp8266.mqtt_receive()) {
        let message = esp8266.receive()?;
        // Serial.print("topic:");  Serial.println(esp8266.mqtt_topic);
        println!("topic:{}", String::from_utf8_lossy(message.topic()));
        // Serial.print("message:");  Serial.println(esp8266.mqtt_message);
        println!("message:{}", String::from_utf8_lossy(message.payload()));
    }
}

/// A topic of the device's own on the platform.
fn topic(name: &str) -> String {
    format!("/{PRODUCT_KEY}/{DEVICE_NAME}/user/{name}")
}

fn assert_equals<T: PartialEq + Debug>(test: &str, actual: &T, expected: &T) {
    if actual == expected {
        println!("********** {test} > PASSED");
    } else {
        println!("********** {test} > FAILED (actual={actual:?}, expected={expected:?})");
    }
}
