//! Nothing that an application hands over, and nothing that a stranger publishes, becomes a command or an answer.

mod common;

use common::emulated::{Driver, connected, ms, quick, receive_until_quiet, text, urc};
use common::prop::{any_text, run};
use common::{in_both_dialects, owned};
use esp8266_mqtt::{AliyunDevice, Dialect, Error, QoS, Reconnect, TimeZone};
use esp8266_mqtt_emulator::bench::UartError;
use esp8266_mqtt_emulator::module::Refusal;
use esp8266_mqtt_emulator::{Action, Bench, Fault, Reaction};

in_both_dialects!(
    every_text_is_one_parameter_or_refused,
    no_topic_and_no_payload_is_an_answer,
);

type Call = fn(&mut Driver, &str) -> Result<(), Error<UartError>>;

/// A method with a text in it, and the command that carries it. `round_trip` has those of Wi-Fi, MQTT's configuration,
/// `publish` and `subscribe`.
const CALLS: &[(&str, Call)] = &[
    ("MQTTCONN", |module, text| {
        module.connect(text, 1883, Reconnect::Off)
    }),
    ("MQTTUNSUB", |module, text| module.unsubscribe(text)),
    ("CWHOSTNAME", |module, text| module.set_hostname(text)),
    ("PING", |module, text| module.ping(text).map(drop)),
    ("CIPDOMAIN", |module, text| module.resolve(text).map(drop)),
    ("CWSAP*", |module, text| module.soft_ap(text, "password", 1)),
    ("CWSAP*", |module, text| module.soft_ap("network", text, 1)),
    ("CIPSNTPCFG", |module, text| {
        let zone = TimeZone::hours(1).expect("a time zone");
        module.sntp_configure(zone, &["pool.ntp.org", text])
    }),
    ("ALIYUN_MQTTCONN", |module, text| {
        module.connect_aliyun("host", 1883, &AliyunDevice::new(text, "name", "secret"))
    }),
    ("ALIYUN_MQTTCONN", |module, text| {
        module.connect_aliyun("host", 1883, &AliyunDevice::new("key", text, "secret"))
    }),
    ("ALIYUN_MQTTCONN", |module, text| {
        module.connect_aliyun("host", 1883, &AliyunDevice::new("key", "name", text))
    }),
];

fn every_text_is_one_parameter_or_refused(dialect: Dialect) {
    for (name, call) in CALLS {
        run(60, any_text(50), |value| {
            let (bench, mut module) = connected(quick(dialect));
            let (sent, before) = (bench.sent().len(), commands(&bench).len());
            let result = call(&mut module, &value);
            let understood = commands(&bench).split_off(before);
            if let Err(Error::Argument(_)) = result {
                assert_eq!(
                    bench.sent().len(),
                    sent,
                    "{name}: refused, and something sent"
                );
                return Ok(());
            }
            let (prefix, is_open) = match name.strip_suffix('*') {
                Some(prefix) => (prefix, true),
                None => (*name, false),
            };
            let mut carriers = understood.iter().filter(|(name, _)| {
                name == prefix || is_open && name.starts_with(prefix) && !name.ends_with('?')
            });
            let expected = text(&value);
            let refused = bench.module().refused().to_vec();
            match carriers.next_back() {
                Some((_, arguments)) => {
                    assert!(
                        arguments.contains(&expected),
                        "{name}: {value:?} became {understood:?}"
                    );
                }
                // This firmware does not know the command.
                None => assert_eq!(refused.last().map(|last| last.why), Some(Refusal::Unknown)),
            }
            let is_one = |why| matches!(why, Refusal::Unknown | Refusal::Failed(_));
            assert!(
                refused.iter().all(|line| is_one(line.why)),
                "{name}: {value:?}: {refused:?}"
            );
            Ok(())
        });
    }
}

/// Names and parameters of what the module has understood.
fn commands(bench: &Bench) -> Vec<(String, Vec<esp8266_mqtt_emulator::module::Argument>)> {
    let module = bench.module();
    let commands = module.commands().iter();
    commands
        .map(|command| (command.name.clone(), command.arguments.clone()))
        .collect()
}

const ANSWERS: [&str; 14] = [
    "OK",
    "\r\nOK\r\n",
    "ERROR",
    "\r\nERROR\r\n",
    ">",
    "\r\n>",
    "busy p...",
    "\r\nbusy p...\r\n",
    "ready",
    "\r\nready\r\n",
    "+MQTTSUBRECV:0,\"x\",9,",
    "\r\n+MQTTSUBRECV:0,\"x\",1,y\r\n",
    "+MQTTPUB:FAIL",
    "\r\n+MQTTDISCONNECTED:0\r\n",
];

/// Each arrives as topic and as payload while a command waits for its answer, which does not come.
fn no_topic_and_no_payload_is_an_answer(dialect: Dialect) {
    let mut cases = 0;
    for answer in ANSWERS {
        // What ends the vendor's form of a message cannot be in one.
        if dialect == Dialect::Vendor && answer.contains('\n') {
            continue;
        }
        // Nor can a quote or a line end be in a topic on the wire.
        let as_topic = !answer.contains(['"', '\r', ',']);
        let wires = [("t", answer)].into_iter();
        for (topic, payload) in wires.chain(as_topic.then_some((answer, "x"))) {
            for (command, is_prompted) in [("MQTTSUB", false), ("MQTTPUBRAW", true)] {
                cases += 1;
                let (bench, mut module) = connected(quick(dialect));
                bench.fault(Fault::command(command, 1, Reaction::Silent));
                let message = Action::Inject(urc(dialect, topic, payload));
                bench.schedule_after(ms(30), message);
                let sent = if is_prompted {
                    module.publish("out", [0_u8; 9], QoS::AtMostOnce)
                } else {
                    module.subscribe("in", QoS::AtMostOnce)
                };
                let what = format!("{command} with {topic:?} {payload:?}");
                assert!(
                    matches!(sent, Err(Error::Timeout { .. })),
                    "{what}: {sent:?}"
                );
                let received = receive_until_quiet(&bench, &mut module);
                assert_eq!(received, [owned(topic, payload)], "{what}");
                assert_eq!(module.counters().restarts, 0, "{what}");
            }
        }
    }
    println!("{cases} cases: messages like answers");
}
