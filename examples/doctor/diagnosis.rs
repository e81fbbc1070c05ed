//! What can be wrong. What to do about it stands in the guide's page of symptoms, which is shown from there.

const PAGE: &str = include_str!("../../src/guide/troubleshooting.md");

/// A section of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Diagnosis {
    Port,
    Silent,
    Unreadable,
    OtherRate,
    NoMqtt,
    Busy,
    WifiPassword,
    NoNetwork,
    UnknownName,
    Unreachable,
    Login,
    NotConnected,
    NoMessages,
    Damaged,
    Restarts,
    Tls,
    Contested,
    Value,
}

/// Something that is wrong, and what shows it.
#[derive(Debug)]
pub struct Problem {
    pub diagnosis: Diagnosis,
    pub seen: String,
}

/// The result of a check.
pub type Checked<T> = Result<T, Problem>;

impl Diagnosis {
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Port => "The port cannot be opened",
            Self::Silent => "Nothing answers",
            Self::Unreadable => "Something answers, but it cannot be read",
            Self::OtherRate => "The module speaks at another baud rate",
            Self::NoMqtt => "Every MQTT command is refused",
            Self::Busy => "The module stays busy",
            Self::WifiPassword => "The Wi-Fi password is refused",
            Self::NoNetwork => "The network is not found",
            Self::UnknownName => "The broker's name is not known",
            Self::Unreachable => "The broker cannot be reached",
            Self::Login => "The broker refuses the login",
            Self::NotConnected => "OK, but not connected",
            Self::NoMessages => "Messages do not arrive",
            Self::Damaged => "Messages are cut, damaged or missing",
            Self::Restarts => "The module restarts",
            Self::Tls => "TLS does not connect",
            Self::Contested => "Connected, and thrown out again and again",
            Self::Value => "A value is refused before it is sent",
        }
    }

    /// The section of the page under that heading.
    pub fn section(self) -> &'static str {
        let sections = PAGE.split("\n## ").skip(1);
        let mut found = sections.filter_map(|section| section.split_once('\n'));
        let text = found.find(|(heading, _)| *heading == self.heading());
        text.map_or("", |(_, text)| text.trim())
    }

    pub fn because(self, seen: impl Into<String>) -> Problem {
        Problem {
            diagnosis: self,
            seen: seen.into(),
        }
    }
}
