//! Model of an ESP8266 AT + MQTT module, for tests.
