//! What the server does by itself, each all at once or not at all.

use redis::{Cmd, ConnectionLike, RedisError, Script, ToRedisArgs};
use std::sync::LazyLock;

/// A script of ours.
pub(super) type Ours = LazyLock<Script>;

pub(super) static ASK: Ours = LazyLock::new(|| Script::new(include_str!("scripts/ask.lua")));
pub(super) static FORGET: Ours = LazyLock::new(|| Script::new(include_str!("scripts/forget.lua")));
pub(super) static KEEP: Ours = LazyLock::new(|| Script::new(include_str!("scripts/keep.lua")));
pub(super) static OPEN: Ours = LazyLock::new(|| Script::new(include_str!("scripts/open.lua")));
pub(super) static PLANT: Ours = LazyLock::new(|| Script::new(include_str!("scripts/plant.lua")));
pub(super) static PULL: Ours = LazyLock::new(|| Script::new(include_str!("scripts/pull.lua")));
pub(super) static ROSTER: Ours = LazyLock::new(|| Script::new(include_str!("scripts/roster.lua")));

/// Has the server know all of them.
pub(super) fn load(connection: &mut dyn ConnectionLike) -> Result<(), RedisError> {
    for script in [&ASK, &FORGET, &KEEP, &OPEN, &PLANT, &PULL, &ROSTER] {
        script.load(connection)?;
    }
    Ok(())
}

/// The command that runs one.
pub(super) fn run(script: &Ours, keys: &[String], arguments: &[impl ToRedisArgs]) -> Cmd {
    let mut command = redis::cmd("EVALSHA");
    command
        .arg(script.get_hash())
        .arg(keys.len())
        .arg(keys)
        .arg(arguments);
    command
}
