//! Date and time as `AT+CIPSNTPTIME?` prints them.

use super::super::leading_number;

/// Local time of the module's clock, as its time zone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct DateTime {
    /// Year, such as 2026.
    pub year: u16,
    /// Month.
    pub month: Month,
    /// Day of the month, from 1.
    pub day: u8,
    /// Day of the week, as the module says.
    pub weekday: Weekday,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59, or 60 in a leap second.
    pub second: u8,
}

/// Month of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(missing_docs)] // the names say it
pub enum Month {
    January = 1,
    February,
    March,
    April,
    May,
    June,
    July,
    August,
    September,
    October,
    November,
    December,
}

/// Day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[allow(missing_docs)] // the names say it
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Month {
    /// The number, 1 for January.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    fn from_name(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"Jan" => Self::January,
            b"Feb" => Self::February,
            b"Mar" => Self::March,
            b"Apr" => Self::April,
            b"May" => Self::May,
            b"Jun" => Self::June,
            b"Jul" => Self::July,
            b"Aug" => Self::August,
            b"Sep" => Self::September,
            b"Oct" => Self::October,
            b"Nov" => Self::November,
            b"Dec" => Self::December,
            _ => return None,
        })
    }

    const fn days(self, year: u16) -> u8 {
        match self {
            Self::April | Self::June | Self::September | Self::November => 30,
            Self::February if is_leap(year) => 29,
            Self::February => 28,
            _ => 31,
        }
    }
}

impl Weekday {
    fn from_name(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"Mon" => Self::Monday,
            b"Tue" => Self::Tuesday,
            b"Wed" => Self::Wednesday,
            b"Thu" => Self::Thursday,
            b"Fri" => Self::Friday,
            b"Sat" => Self::Saturday,
            b"Sun" => Self::Sunday,
            _ => return None,
        })
    }
}

impl DateTime {
    /// Whether the clock was set. Until then it counts from 1970-01-01, in local time perhaps from the day before.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.year > 1970
    }

    /// Reads `Thu Aug 04 14:48:05 2016`; a day below 10 may have a blank before it instead of a zero.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let mut words = text
            .split(|&byte| byte == b' ')
            .filter(|word| !word.is_empty());
        let weekday = Weekday::from_name(words.next()?)?;
        let month = Month::from_name(words.next()?)?;
        let day = match words.next()? {
            day @ ([_] | [_, _]) => small(day, 31)?,
            _ => return None,
        };
        let mut clock = words.next()?.split(|&byte| byte == b':');
        let mut part = |max| small(clock.next().filter(|digits| digits.len() == 2)?, max);
        let (hour, minute, second) = (part(23)?, part(59)?, part(60)?);
        let year = match leading_number(words.next().filter(|digits| digits.len() == 4)?)? {
            (year, []) => u16::try_from(year).ok()?,
            _ => return None,
        };
        let whole = clock.next().is_none() && words.next().is_none();
        let date = (1..=month.days(year)).contains(&day);
        (whole && date).then_some(Self {
            year,
            month,
            day,
            weekday,
            hour,
            minute,
            second,
        })
    }
}

const fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn small(digits: &[u8], max: u8) -> Option<u8> {
    match leading_number(digits)? {
        (value, []) => u8::try_from(value).ok().filter(|&value| value <= max),
        _ => None,
    }
}
