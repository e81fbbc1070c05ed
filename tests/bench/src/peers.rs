//! The neighbours whose sessions `.ci/bench` weighs: `tests/size/yardstick` and `tests/size/peers`.

/// One image.
pub struct Peer {
    /// Of which the figures are.
    pub image: &'static str,
    /// Crate, version, and which of its clients.
    pub name: &'static str,
    /// What its session does not do, in English and in Chinese.
    pub lacks: [&'static str; 2],
}

pub static PEERS: [Peer; 7] = [
    Peer {
        image: "session_atat",
        name: "atat 0.25, `SimpleClient`",
        lacks: [
            "receiving, escaping, a will, binary publishes",
            "接收消息、转义、遗嘱、二进制发布",
        ],
    },
    Peer {
        image: "session_atat_full",
        name: "atat 0.25, `SimpleClient`",
        lacks: [
            "receiving, escaping, the result of a binary publish",
            "接收消息、转义、得知二进制发布的结果",
        ],
    },
    Peer {
        image: "session_atat_client",
        name: "atat 0.25, `Client`",
        lacks: [
            "every second message, messages with a line end (panics), escaping, the result of a binary publish",
            "每隔一条消息丢失一条、含换行的消息（会 panic）、转义、得知二进制发布的结果",
        ],
    },
    Peer {
        image: "session_esp_at_nal",
        name: "esp-at-nal 0.5",
        lacks: [
            "MQTT (TCP only), host names, escaping",
            "MQTT（只有 TCP）、域名解析、转义",
        ],
    },
    Peer {
        image: "session_at_commands",
        name: "at-commands 0.5",
        lacks: [
            "messages while a command runs, binary messages, timeouts, escaping",
            "指令执行期间的消息、二进制消息、超时、转义",
        ],
    },
    Peer {
        image: "session_minimq",
        name: "minimq 0.13",
        lacks: [
            "AT commands, Wi-Fi, TCP: MQTT 5 over a stream that is open",
            "AT 指令、Wi-Fi、TCP：在已打开的流上运行 MQTT 5",
        ],
    },
    Peer {
        image: "session_rust_mqtt",
        name: "rust-mqtt 0.6",
        lacks: [
            "AT commands, Wi-Fi, TCP: MQTT 5 over a stream that is open, without pings",
            "AT 指令、Wi-Fi、TCP：在已打开的流上运行 MQTT 5，无心跳",
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::PEERS;
    use std::fs;
    use std::path::{Path, PathBuf};

    fn manifests() -> Vec<String> {
        let size = Path::new(env!("CARGO_MANIFEST_DIR")).join("../size");
        let peers = fs::read_dir(size.join("peers")).expect("peers");
        let folders = peers.map(|entry| entry.expect("an entry").path());
        let all: Vec<PathBuf> = folders.chain([size.join("yardstick")]).collect();
        let read = |path: PathBuf| fs::read_to_string(path.join("Cargo.toml"));
        all.into_iter()
            .map(|path| read(path).expect("manifest"))
            .collect()
    }

    #[test]
    fn versions_are_those_that_are_built() {
        let manifests = manifests();
        for peer in &PEERS {
            let image = format!("name = \"{}\"", peer.image);
            let mut found = manifests.iter().filter(|text| text.contains(&image));
            let manifest = found.next().expect(peer.image);
            let (name, version) = peer.name.split_once(' ').expect(peer.name);
            let version = version.split(',').next().expect(peer.name);
            let plain = format!("\n{name} = \"{version}\"");
            let table = format!("\n{name} = {{ version = \"{version}\"");
            let built = manifest.contains(&plain) || manifest.contains(&table);
            assert!(built, "{} is not of {}", peer.image, peer.name);
        }
    }
}
