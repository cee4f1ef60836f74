//! A state for who asks for the sake of the answer: nobody else sees it, and nothing is kept.

use super::{Contract, StoreOf};
use crate::store::{ClockSetting, Sandbox};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// The present moment where an API's clock isn't at rest: one that is the same in every build.
const MOMENT: DateTime<Utc> = match DateTime::from_timestamp_secs(1_735_732_800) {
    Some(moment) => moment,
    None => DateTime::UNIX_EPOCH,
};

/// A state that begins with the fixtures, in which time stands still.
#[derive(Debug)]
pub(crate) struct Apart(Arc<Sandbox>);

impl Contract {
    /// A new state of that kind.
    pub(crate) fn apart(&self) -> Apart {
        let sandbox = self.stores.apart();
        let moment = match self.clock_of_old {
            ClockSetting::From(moment) | ClockSetting::Still(moment) => moment,
            ClockSetting::Real | ClockSetting::Offset(_) => MOMENT,
        };
        // A moment that a clock was set to before is one that it can be set to.
        let _ = sandbox.clock().set(ClockSetting::Still(moment), Utc::now());
        Apart(sandbox)
    }
}

impl Apart {
    /// The store of it.
    pub(crate) fn store(&self) -> StoreOf<'static> {
        StoreOf::Own(Arc::clone(&self.0))
    }
}
