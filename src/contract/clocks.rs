//! What time it is for an API, and how that is set while it is served.

use super::{Contract, StoreOf};
use crate::store::{Clock, ClockSetting, NoClock};
use chrono::{DateTime, TimeDelta, Utc};

/// What a clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// What it is made of; one that was told to go on from a moment is so much ahead or behind.
    pub setting: ClockSetting,
    /// The present moment.
    pub now: DateTime<Utc>,
}

/// A change of a clock.
#[derive(Debug, Clone, Copy)]
pub enum ClockChange {
    /// To this.
    Set(ClockSetting),
    /// By so much, be it at rest or not; back where that is negative.
    Advance(TimeDelta),
    /// Back to how it was at the start; that of a sandbox to the API's.
    Reset,
}

impl Contract {
    /// What its clock is set to, where that isn't the machine's.
    pub fn unreal_clock(&self) -> Option<ClockSetting> {
        let setting = self.clock.setting();
        setting.filter(|setting| *setting != ClockSetting::Real)
    }

    /// The present moment of this API, for those who use a store of it.
    pub(crate) fn now(&self, store: &StoreOf<'_>) -> DateTime<Utc> {
        self.read_clock(store).now
    }

    /// What the clock shows in a store.
    pub(crate) fn read_clock(&self, store: &StoreOf<'_>) -> ClockReading {
        let real = Utc::now();
        let clock = self.clock_in(store);
        ClockReading {
            setting: clock.setting().unwrap_or_default(),
            now: clock.at(real).unwrap_or(real),
        }
    }

    /// Changes the clock of a store, which others don't see where it is a sandbox's.
    pub(crate) fn change_clock(
        &self,
        store: &StoreOf<'_>,
        change: ClockChange,
    ) -> Result<(), NoClock> {
        let own = match store {
            StoreOf::Main(_) => &self.clock,
            StoreOf::Own(sandbox) => sandbox.clock(),
        };
        match self.setting_after(store, change)? {
            Some(setting) => own.set(setting, Utc::now()),
            None => {
                self.reset_clock(store);
                Ok(())
            }
        }
    }

    /// Whether the clock of a store can be changed so.
    pub(crate) fn check_clock(
        &self,
        store: &StoreOf<'_>,
        change: ClockChange,
    ) -> Result<(), NoClock> {
        match self.setting_after(store, change)? {
            Some(setting) => Clock::unset().set(setting, Utc::now()),
            None => Ok(()),
        }
    }

    /// What the clock of a store is set to by a change; nothing where it is put back.
    fn setting_after(
        &self,
        store: &StoreOf<'_>,
        change: ClockChange,
    ) -> Result<Option<ClockSetting>, NoClock> {
        match change {
            ClockChange::Set(setting) => Ok(Some(setting)),
            ClockChange::Advance(by) => {
                let setting = self.clock_in(store).setting().unwrap_or_default();
                setting.advanced(by).map(Some)
            }
            ClockChange::Reset => Ok(None),
        }
    }

    /// Puts the clock of a store back.
    pub(crate) fn reset_clock(&self, store: &StoreOf<'_>) {
        match store {
            // What it could be set to once it can be still, but for years that ended meanwhile.
            StoreOf::Main(_) => drop(self.clock.set(self.clock_of_old, Utc::now())),
            StoreOf::Own(sandbox) => sandbox.clock().clear(),
        }
    }

    /// The clock that a store goes by.
    fn clock_in<'c>(&'c self, store: &'c StoreOf<'_>) -> &'c Clock {
        match store {
            StoreOf::Own(sandbox) if sandbox.clock().setting().is_some() => sandbox.clock(),
            StoreOf::Main(_) | StoreOf::Own(_) => &self.clock,
        }
    }
}
