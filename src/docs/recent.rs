//! What was told last: the page of an operation and its twin say the same.

use super::operation::{OperationWords, told as tell};
use super::site::Service;
use crate::host::Host;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// How many operations are kept.
const KEPT: usize = 16;

/// An operation, told once for all who ask for it at a time.
pub(super) type Told = Arc<OnceLock<OperationWords>>;

/// The operations that were told last, by the numbers of their services and their own.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<VecDeque<((usize, usize), Told)>>);

impl Recent {
    /// An operation of a service.
    pub fn of<T>(
        &self,
        host: &Host,
        service: &Service,
        number: usize,
        say: impl FnOnce(&OperationWords) -> T,
    ) -> T {
        let key = (service.api, number);
        let told = {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let known = kept.iter().find(|(of, _)| *of == key);
            match known.map(|(_, told)| Arc::clone(told)) {
                Some(told) => told,
                None => {
                    let new = Told::default();
                    kept.push_back((key, Arc::clone(&new)));
                    if kept.len() > KEPT {
                        kept.pop_front();
                    }
                    new
                }
            }
        };
        let contract = host.apis()[service.api].contract();
        say(told.get_or_init(|| tell(host, contract, number)))
    }
}
