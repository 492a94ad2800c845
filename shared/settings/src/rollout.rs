//! Rollout windows: when tasks of an environment may begin.

use crate::schema::{Day, Rollout};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// A rollout window that was read.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    days: Vec<Day>,
    from: Time,
    to: Time,
    zone: TimeZone,
}

/// Which key of a rollout window is wrong, and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) key: &'static str,
    pub(crate) message: String,
}

impl Rollout {
    /// The window, or what is wrong with it.
    pub(crate) fn read(&self) -> Result<Window, Wrong> {
        let time = |key, text: &str| {
            Time::strptime("%H:%M", text).map_err(|_| Wrong {
                key,
                message: format!("`{text}` is no time of day; write hours and minutes: `09:30`"),
            })
        };
        let zone = TimeZone::get(&self.time_zone).map_err(|_| Wrong {
            key: "time_zone",
            message: format!(
                "there is no time zone `{}`; write its IANA name: `Europe/Amsterdam`, `UTC`",
                self.time_zone
            ),
        })?;
        Ok(Window {
            days: self.days.clone(),
            from: time("from", &self.from)?,
            to: time("to", &self.to)?,
            zone,
        })
    }

    /// When tasks may begin next; none where they may now. Settings were checked when they were applied: what can't be
    /// read here never opens.
    pub fn opens(&self, now: Timestamp) -> Option<Timestamp> {
        match self.read() {
            Ok(window) => window.opens(now),
            Err(_) => Some(Timestamp::MAX),
        }
    }
}

impl Window {
    fn opens(&self, now: Timestamp) -> Option<Timestamp> {
        let today = now.to_zoned_datetime(self.zone.clone()).date();
        // Yesterday's may still be open; within eight days comes one of every day of the week.
        let spans: Vec<(Timestamp, Timestamp)> = (-1..=8)
            .filter_map(|offset| today.checked_add(offset.days()).ok())
            .filter(|date| self.is_day(*date))
            .filter_map(|date| self.span(date))
            .collect();
        if spans.iter().any(|(from, to)| *from <= now && now < *to) {
            return None;
        }
        let next = spans.iter().map(|(from, _)| *from).find(|from| *from > now);
        Some(next.unwrap_or(Timestamp::MAX))
    }

    fn is_day(&self, date: Date) -> bool {
        let day = match date.weekday() {
            Weekday::Monday => Day::Mon,
            Weekday::Tuesday => Day::Tue,
            Weekday::Wednesday => Day::Wed,
            Weekday::Thursday => Day::Thu,
            Weekday::Friday => Day::Fri,
            Weekday::Saturday => Day::Sat,
            Weekday::Sunday => Day::Sun,
        };
        self.days.is_empty() || self.days.contains(&day)
    }

    /// From when to when it is open that begins on a day.
    fn span(&self, date: Date) -> Option<(Timestamp, Timestamp)> {
        let end = if self.to > self.from {
            date
        } else {
            date.tomorrow().ok()?
        };
        let at = |date: Date, time: Time| {
            let zoned = date.to_datetime(time).to_zoned_datetime(self.zone.clone()).ok()?;
            Some(zoned.timestamp())
        };
        Some((at(date, self.from)?, at(end, self.to)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rollout(days: &[Day], from: &str, to: &str, zone: &str) -> Rollout {
        Rollout {
            days: days.to_vec(),
            from: from.to_owned(),
            to: to.to_owned(),
            time_zone: zone.to_owned(),
        }
    }

    #[test]
    fn a_window_is_open_or_says_when_it_opens() {
        use Day::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        let week = [Mon, Tue, Wed, Thu, Fri];
        let office = rollout(&week, "09:00", "17:00", "Europe/Amsterdam");
        let night = rollout(&[Fri], "22:00", "06:00", "UTC");
        let always = rollout(&[], "00:00", "00:00", "UTC");
        let sunday = rollout(&[Sat, Sun], "02:30", "02:45", "Europe/Amsterdam");
        for (rollout, now, opens) in [
            // Winter is UTC+1, summer UTC+2; 2026-11-27 is a Friday.
            (&office, "2026-11-27T07:59:59Z", Some("2026-11-27T08:00:00Z")),
            (&office, "2026-11-27T08:00:00Z", None),
            (&office, "2026-11-27T15:59:59Z", None),
            (&office, "2026-11-27T16:00:00Z", Some("2026-11-30T08:00:00Z")),
            (&office, "2026-07-01T07:00:00Z", None),
            (&office, "2026-07-01T15:00:00Z", Some("2026-07-02T07:00:00Z")),
            (&night, "2026-11-27T21:59:59Z", Some("2026-11-27T22:00:00Z")),
            (&night, "2026-11-27T22:00:00Z", None),
            (&night, "2026-11-28T05:59:59Z", None),
            (&night, "2026-11-28T06:00:00Z", Some("2026-12-04T22:00:00Z")),
            (&always, "2026-11-28T06:00:00Z", None),
            // The hour that does not exist on the day when clocks go forward, and the one that exists twice.
            (&sunday, "2026-03-29T00:00:00Z", Some("2026-03-29T01:30:00Z")),
            (&sunday, "2026-10-25T00:30:00Z", None),
        ] {
            let found = rollout.opens(now.parse().unwrap());
            let expected = opens.map(|opens: &str| opens.parse::<Timestamp>().unwrap());
            assert_eq!(found, expected, "{rollout:?} at {now}");
        }
    }

    #[test]
    fn what_can_not_be_read_never_opens() {
        let now = Timestamp::UNIX_EPOCH;
        for wrong in [
            rollout(&[], "9", "17:00", "UTC"),
            rollout(&[], "09:00", "25:00", "UTC"),
            rollout(&[], "09:00", "17:00", "Mars/Olympus"),
        ] {
            assert_eq!(wrong.opens(now), Some(Timestamp::MAX), "{wrong:?}");
        }
    }
}
