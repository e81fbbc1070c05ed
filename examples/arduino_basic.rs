//! The first Arduino program of the module's product page, line by line. The comments are the sketch.
//!
//! ```sh
//! cargo run --example arduino_basic                          # emulated module
//! cargo run --example arduino_basic -- --port /dev/ttyUSB0   # a real one, after the constants below are yours
//! ```

#[path = "arduino/board.rs"]
mod board;

use esp8266_mqtt::{Buffers, Esp8266Mqtt, QoS, Reconnect, UserConfig};
use std::process::ExitCode;

const SSID: &str = "Emakefun";
const PASSWORD: &str = "12345678";

fn main() -> ExitCode {
    board::run(sketch)
}

fn sketch() -> Result<(), board::Error> {
    // SoftwareSerial esp8266_serial(5, 6);  esp8266_serial.begin(9600);
    let esp8266_serial = board::serial(9600, (SSID, PASSWORD))?;
    // WiFiEspMqtt esp8266;  WiFi.init(&esp8266_serial);
    let (mut rx, mut tx) = ([0; 1024], [0; 256]);
    let buffers = Buffers::new(&mut rx, &mut tx);
    let mut esp8266 = Esp8266Mqtt::new(esp8266_serial, board::PacedDelay::new(), buffers);
    esp8266.init()?;

    // if (WiFi.begin("Emakefun", "12345678") == WL_CONNECTED) {
    esp8266.connect_wifi(SSID, PASSWORD)?;
    println!("wifi connected");
    // esp8266.mqtt_usercfg("esp8266_client333", "user", "password");
    esp8266.usercfg(&UserConfig::new("esp8266_client333").credentials("user", "password"))?;
    // esp8266.mqtt_connect("broker.example", 1883, 0);
    esp8266.connect("broker.example", 1883, Reconnect::Off)?;
    // delay(1000): instead of hoping, ask until the broker has accepted
    println!("broker: {:?}", esp8266.wait_connected(10_000)?);
    // esp8266.mqtt_sub("topic_1", 0);
    esp8266.subscribe("topic_1", QoS::AtMostOnce)?;
    // }
    // esp8266.mqtt_public("topic_led", "on", 0);
    esp8266.publish("topic_led", "on", QoS::AtMostOnce)?;
    // delay(3000): not needed, nothing that arrives is lost

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
