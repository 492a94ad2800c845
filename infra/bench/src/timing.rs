//! Times of rivals, taken in turns, so that what else the machine does meets all of them alike.

use std::time::{Duration, Instant};

/// What is done, once.
pub(crate) type Run<'run> = Box<dyn FnMut() -> usize + 'run>;

/// Lets each do its work in turn, `rounds` times; the median of each.
pub(crate) fn medians(rivals: &mut [Run<'_>], rounds: usize) -> Vec<Duration> {
    let mut times = vec![Vec::with_capacity(rounds); rivals.len()];
    for _ in 0..rounds {
        for (rival, times) in rivals.iter_mut().zip(&mut times) {
            let began = Instant::now();
            std::hint::black_box(rival());
            times.push(began.elapsed());
        }
    }
    times.iter_mut().map(|times| median(times)).collect()
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
