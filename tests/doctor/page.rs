//! The page of symptoms and the doctor know the same troubles.

use crate::diagnosis::Diagnosis;

const ALL: [Diagnosis; 18] = [
    Diagnosis::Port,
    Diagnosis::Silent,
    Diagnosis::Unreadable,
    Diagnosis::OtherRate,
    Diagnosis::NoMqtt,
    Diagnosis::Busy,
    Diagnosis::WifiPassword,
    Diagnosis::NoNetwork,
    Diagnosis::UnknownName,
    Diagnosis::Unreachable,
    Diagnosis::Login,
    Diagnosis::NotConnected,
    Diagnosis::NoMessages,
    Diagnosis::Damaged,
    Diagnosis::Restarts,
    Diagnosis::Tls,
    Diagnosis::Contested,
    Diagnosis::Value,
];

#[test]
fn each_section_has_its_diagnosis() {
    let page = include_str!("../../src/guide/troubleshooting.md");
    let headings = page.lines().filter_map(|line| line.strip_prefix("## "));
    let mut headings: Vec<_> = headings.collect();
    assert_eq!(headings.pop(), Some("By what the driver says"));
    assert_eq!(headings.len(), ALL.len());
    for diagnosis in ALL {
        assert!(headings.contains(&diagnosis.heading()), "{diagnosis:?}");
        let section = diagnosis.section();
        assert!(section.contains("\n- "), "{diagnosis:?}");
        assert!(!section.contains("\n## "), "{diagnosis:?}");
    }
}
