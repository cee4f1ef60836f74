use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What several threads want done to something that one of them works on at a time. Who gets to
/// it does all that waits, so that what has a price once is paid once for many.
#[derive(Debug)]
pub(super) struct Turns<S, J, O> {
    work_on: Mutex<S>,
    waiting: Mutex<Vec<Waiting<J, O>>>,
}

type Waiting<J, O> = (J, Arc<Mutex<Option<O>>>);

impl<S, J, O> Turns<S, J, O> {
    pub fn new(work_on: S) -> Turns<S, J, O> {
        Turns {
            work_on: Mutex::new(work_on),
            waiting: Mutex::default(),
        }
    }

    /// Does a job, with those of others that wait, or lets another do it: `work` gives what came
    /// of each, in order. Nothing where that panicked.
    pub fn take(&self, job: J, work: impl FnOnce(&mut S, Vec<J>) -> Vec<O>) -> Option<O> {
        let outcome = Arc::default();
        lock(&self.waiting).push((job, Arc::clone(&outcome)));
        let mut work_on = self.alone();
        if let Some(done) = lock(&outcome).take() {
            return Some(done);
        }
        let waiting = std::mem::take(&mut *lock(&self.waiting));
        let (jobs, outcomes): (Vec<J>, Vec<_>) = waiting.into_iter().unzip();
        for (outcome, done) in outcomes.iter().zip(work(&mut work_on, jobs)) {
            *lock(outcome) = Some(done);
        }
        lock(&outcome).take()
    }

    /// What is worked on, for something that is done by itself.
    pub fn alone(&self) -> MutexGuard<'_, S> {
        lock(&self.work_on)
    }
}

/// A panic leaves nothing half done in what is locked here, so a poisoned lock is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn what_waits_is_done_together_and_each_gets_its_own_outcome() {
        let turns = Turns::new(0);
        let work = |runs: &mut usize, jobs: Vec<usize>| {
            *runs += 1;
            std::thread::sleep(Duration::from_millis(20));
            jobs.into_iter().map(|job| job * 2).collect()
        };
        std::thread::scope(|scope| {
            for job in 0..50 {
                let turns = &turns;
                scope.spawn(move || assert_eq!(turns.take(job, work), Some(job * 2)));
            }
        });
        assert!(*turns.alone() < 25, "{}", turns.alone());
    }

    #[test]
    fn who_waits_for_what_panicked_gets_nothing_and_the_next_goes_on() {
        let turns = Turns::<(), u8, u8>::new(());
        let panics = || turns.take(1, |(), _| panic!("while at work"));
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panics)).is_err());
        assert_eq!(turns.take(2, |(), jobs| jobs), Some(2));
    }
}
