#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| esp8266_mqtt_fuzz::session::run(data));
