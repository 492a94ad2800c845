//! Times of rivals, taken in turns, so that what else the machine does meets all of them alike.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// What is done, once.
pub(crate) type Run<'run> = Box<dyn FnMut() -> usize + 'run>;

/// Lets each do its work in turn, `rounds` times; the median of each.
pub(crate) fn medians(rivals: &mut [Run<'_>], rounds: usize) -> Vec<Duration> {
    let mut times = vec![Vec::with_capacity(rounds); rivals.len()];
    for _ in 0..rounds {
        for (rival, times) in rivals.iter_mut().zip(&mut times) {
            let began = spent();
            std::hint::black_box(rival());
            times.push(spent().saturating_sub(began));
        }
    }
    times.iter_mut().map(|times| median(times)).collect()
}

/// What this thread had of a processor so far: what runs beside it does not count.
fn spent() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let part = |number: i64| u64::try_from(number).unwrap_or_default();
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

/// The middle one.
pub(crate) fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A yes or no for a target.
pub(crate) fn yes(reached: bool) -> &'static str {
    if reached { "yes" } else { "NO" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        let mut times: Vec<Duration> = [5, 1, 9].map(Duration::from_secs).into();
        assert_eq!(median(&mut times), Duration::from_secs(5));
    }
}
