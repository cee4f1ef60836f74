use super::super::LedgerFault;
use super::super::turns::Turns;
use super::address::ServerAddress;
use super::scripts;
use redis::{Cmd, Connection, RedisError, ServerError, Value};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long it takes at most to connect, and until the server has sent or taken some more.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long the answers to what was asked at once may take together.
const TOGETHER: Duration = Duration::from_secs(30);
/// How long after a failure it isn't tried again: at first, and after more of them.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A connection that all requests share: what several ask while others wait for their answers is
/// sent at once. It is made again when it is lost, and what was asked over it is asked again.
pub(super) struct Link {
    address: ServerAddress,
    turns: Turns<Line, Command, Answer>,
}

/// What is asked of the server.
#[derive(Debug)]
pub(super) struct Command {
    packed: Vec<u8>,
    /// Whether it changes nothing that matters, so that one answer does for all who ask the same.
    is_question: bool,
    /// Whether it comes to the same where it is carried out twice.
    is_repeatable: bool,
}

pub(super) type Answer = Result<Arc<Value>, LedgerFault>;

/// The connection, or since when there is none.
struct Line {
    connection: Option<Connection>,
    away: Option<Away>,
}

struct Away {
    until: Instant,
    pause: Duration,
    why: LedgerFault,
}

/// Why there are no answers.
enum Lost {
    Failed(RedisError),
    /// They come too slowly.
    Late,
}

impl From<RedisError> for Lost {
    fn from(error: RedisError) -> Lost {
        Lost::Failed(error)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Link").field(&self.address).finish()
    }
}

impl Command {
    /// One that comes to the same where it is carried out twice.
    pub fn new(command: &Cmd) -> Command {
        Command {
            packed: command.get_packed_command(),
            is_question: false,
            is_repeatable: true,
        }
    }

    /// One that doesn't.
    pub fn once(command: &Cmd) -> Command {
        Command {
            is_repeatable: false,
            ..Command::new(command)
        }
    }

    pub fn question(command: &Cmd) -> Command {
        Command {
            is_question: true,
            ..Command::new(command)
        }
    }
}

impl Link {
    pub fn new(address: &ServerAddress) -> Link {
        Link {
            address: address.clone(),
            turns: Turns::new(Line {
                connection: None,
                away: None,
            }),
        }
    }

    /// Asks, and waits for the answer. A command that went out and wasn't answered may have been
    /// carried out, also where it is asked again.
    pub fn ask(&self, command: Command) -> Answer {
        let answer = self
            .turns
            .take(command, |line, commands| self.exchange(line, &commands));
        answer.unwrap_or_else(|| Err(self.address.unusable("can't be asked")))
    }

    fn exchange(&self, line: &mut Line, commands: &[Command]) -> Vec<Answer> {
        let outcome = self.attempt(line, commands);
        match outcome {
            Ok(answers) => {
                line.away = None;
                answers
            }
            Err(why) => {
                let is_waiting = |away: &Away| Instant::now() < away.until;
                if !line.away.as_ref().is_some_and(is_waiting) {
                    let pause = line
                        .away
                        .as_ref()
                        .map_or(SHORTEST_PAUSE, |away| away.pause * 2);
                    let pause = pause.min(LONGEST_PAUSE);
                    line.away = Some(Away {
                        until: Instant::now() + pause,
                        pause,
                        why: why.clone(),
                    });
                }
                commands.iter().map(|_| Err(why.clone())).collect()
            }
        }
    }

    fn attempt(&self, line: &mut Line, commands: &[Command]) -> Result<Vec<Answer>, LedgerFault> {
        if let Some(away) = &line.away
            && Instant::now() < away.until
        {
            return Err(away.why.clone());
        }
        // Where one fails, what else comes over it belongs to nothing any more.
        if let Some(mut connection) = line.connection.take() {
            match self.send(&mut connection, commands) {
                Ok(answers) => {
                    line.connection = Some(connection);
                    return Ok(answers);
                }
                // A server closes what is idle, and all when it is started again: that says nothing
                // of whether it is there.
                Err(Lost::Failed(error))
                    if error.is_connection_dropped()
                        && commands.iter().all(|command| command.is_repeatable) => {}
                Err(lost) => return Err(self.lost(lost)),
            }
        }
        let (connection, answers) = self.send_anew(commands).map_err(|lost| self.lost(lost))?;
        line.connection = Some(connection);
        Ok(answers)
    }

    /// Sends all over a new connection. A server that takes it and says nothing has no more
    /// patience than one that doesn't take it.
    fn send_anew(&self, commands: &[Command]) -> Result<(Connection, Vec<Answer>), Lost> {
        let started = Instant::now();
        let left = || {
            let left = PATIENCE.saturating_sub(started.elapsed());
            Some(left.max(Duration::from_millis(1)))
        };
        let mut connection = self.address.client.get_connection_with_timeout(PATIENCE)?;
        connection.set_read_timeout(left())?;
        connection.set_write_timeout(Some(PATIENCE))?;
        scripts::load(&mut connection)?;
        connection.set_read_timeout(left())?;
        let answers = self.send(&mut connection, commands)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        Ok((connection, answers))
    }

    /// Sends all, one behind the other, and reads what is answered.
    fn send(&self, connection: &mut Connection, commands: &[Command]) -> Result<Vec<Answer>, Lost> {
        let started = Instant::now();
        let mut same: HashMap<&[u8], usize> = HashMap::new();
        let mut sent: Vec<&Command> = Vec::new();
        let places: Vec<usize> = commands
            .iter()
            .map(|command| {
                let next = sent.len();
                let place = match command.is_question {
                    true => *same.entry(&command.packed).or_insert(next),
                    false => next,
                };
                if place == next {
                    sent.push(command);
                }
                place
            })
            .collect();
        let bytes: Vec<u8> = sent
            .iter()
            .flat_map(|command| &command.packed)
            .copied()
            .collect();
        connection.send_packed_command(&bytes)?;
        let mut answers: Vec<Arc<Value>> = Vec::with_capacity(sent.len());
        for _ in &sent {
            answers.push(Arc::new(connection.recv_response()?));
            if started.elapsed() > TOGETHER {
                return Err(Lost::Late);
            }
        }
        let mut is_loaded = false;
        for (answer, command) in answers.iter_mut().zip(&sent) {
            // Someone had the server forget the scripts. What wasn't known wasn't carried out.
            if matches!(answer.as_ref(), Value::ServerError(error) if error.code() == "NOSCRIPT") {
                if !is_loaded {
                    scripts::load(connection)?;
                    is_loaded = true;
                }
                connection.send_packed_command(&command.packed)?;
                *answer = Arc::new(connection.recv_response()?);
            }
        }
        let answers: Vec<Answer> = answers
            .into_iter()
            .map(|answer| self.judged(answer))
            .collect();
        Ok(places
            .into_iter()
            .map(|place| answers[place].clone())
            .collect())
    }

    fn judged(&self, answer: Arc<Value>) -> Answer {
        match answer.as_ref() {
            Value::ServerError(error) => Err(self.refused(error)),
            _ => Ok(answer),
        }
    }

    /// Why the server refuses. Within a script an older one wraps the reason into another error.
    fn refused(&self, error: &ServerError) -> LedgerFault {
        let told = format!("{} {}", error.code(), error.details().unwrap_or_default());
        let told = told.trim();
        let unwritten = ["OOM", "READONLY", "MISCONF", "NOREPLICAS"];
        let mut words = told.split(|c: char| !c.is_ascii_alphabetic());
        let name = &self.address.name;
        match words.any(|word| unwritten.contains(&word)) {
            true => LedgerFault::NoRoom(format!("{name} takes no writes: {told}").into()),
            false => self.address.unusable(format_args!("refuses: {told}")),
        }
    }

    fn lost(&self, lost: Lost) -> LedgerFault {
        match lost {
            Lost::Late => self.address.unusable("is too slow"),
            Lost::Failed(error) if error.is_timeout() => {
                let patience = PATIENCE.as_secs();
                self.address
                    .unusable(format_args!("doesn't answer within {patience} s"))
            }
            Lost::Failed(error) => self.address.unusable(format_args!("is away: {error}")),
        }
    }
}
