//! Inputs that nobody would think of: what is right is changed at random, again and again, and
//! whatever comes of it, the answer is one that is documented, in time.
//!
//! Each target has a second or two here, always with the same numbers drawn. Longer runs:
//! `FUZZ_SECONDS=3600 cargo test --release --test all fuzzing -- --nocapture --test-threads 2`, with
//! `FUZZ_SEED=2` for others. What fails is written to a file that the failure names.

mod mutation;
mod requests;
mod schemas;
mod sources;

use mutation::Mutation;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a target is tried, where nobody says it.
const USUAL: Duration = Duration::from_millis(1500);
/// No input takes more of the processor's time, in a build that isn't optimised.
const LONGEST: Duration = Duration::from_secs(5);

/// Gives a target one input after the other: the seeds as they are, then what is made of them. The
/// words are some that mean something to it.
#[track_caller]
fn fuzz(name: &str, seeds: &[Vec<u8>], words: &[&str], target: impl Fn(&[u8])) {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let budget = number("FUZZ_SECONDS").map_or(USUAL, Duration::from_secs);
    let mut mutation = Mutation::new(number("FUZZ_SEED").unwrap_or(1), seeds, words);
    let started = Instant::now();
    let mut count = 0_u64;
    let mut inputs = seeds.iter().cloned();
    while started.elapsed() < budget || count <= seeds.len() as u64 {
        let input = inputs.next().unwrap_or_else(|| mutation.next());
        let at = spent();
        let outcome = catch_unwind(AssertUnwindSafe(|| target(&input)));
        count += 1;
        let took = spent() - at;
        if outcome.is_err() || took > LONGEST {
            let file = format!("fuzz-{name}-{}", std::process::id());
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
            std::fs::write(&path, &input).expect("written");
            let text = String::from_utf8_lossy(&input[..input.len().min(2_000)]);
            panic!("input {count}, {took:?}, is in {}:\n{text}", path.display());
        }
    }
    println!("{name}: {count} inputs");
}

/// What this thread took of the processor.
fn spent() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("no time before its beginning")
}

fn texts(seeds: &[&str]) -> Vec<Vec<u8>> {
    seeds.iter().map(|seed| seed.as_bytes().to_vec()).collect()
}
