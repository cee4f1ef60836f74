use super::super::ledger::LedgerFault;
use redb::{CommitError, DatabaseError, StorageError, TableError, TransactionError};
use std::io::ErrorKind;

/// What can go wrong with an open database.
#[derive(Debug)]
pub(super) enum Fault {
    Storage(StorageError),
    /// Something that a file in good order can't bring about.
    Other(String),
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Fault {
        Fault::Storage(error)
    }
}

impl From<TransactionError> for Fault {
    fn from(error: TransactionError) -> Fault {
        match error {
            TransactionError::Storage(error) => Fault::Storage(error),
            other => Fault::Other(other.to_string()),
        }
    }
}

impl From<TableError> for Fault {
    fn from(error: TableError) -> Fault {
        match error {
            TableError::Storage(error) => Fault::Storage(error),
            other => Fault::Other(other.to_string()),
        }
    }
}

impl From<CommitError> for Fault {
    fn from(error: CommitError) -> Fault {
        match error {
            CommitError::Storage(error) => Fault::Storage(error),
            other => Fault::Other(other.to_string()),
        }
    }
}

impl Fault {
    /// Whether what the file holds is wrong, and not what it is on or who has it.
    pub fn is_damage(&self) -> bool {
        match self {
            Fault::Storage(error) => is_damaged(error),
            Fault::Other(_) => true,
        }
    }
}

/// Whether what a file holds is why it can't be opened.
pub(super) fn is_damage(error: &DatabaseError) -> bool {
    match error {
        DatabaseError::RepairAborted => true,
        DatabaseError::Storage(error) => is_damaged(error),
        _ => false,
    }
}

fn is_damaged(error: &StorageError) -> bool {
    match error {
        // So redb calls a file that doesn't begin as its own do.
        StorageError::Io(error) => matches!(
            error.kind(),
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof
        ),
        StorageError::Corrupted(_) => true,
        _ => false,
    }
}

/// Why a file can't be opened.
pub(super) fn not_opened(name: &str, error: DatabaseError) -> LedgerFault {
    let why = match error {
        DatabaseError::DatabaseAlreadyOpen => format!("{name} is in use by another process"),
        DatabaseError::UpgradeRequired(_) => format!("{name} is the state of another version"),
        DatabaseError::Storage(error) => return broken(name, error.into()),
        other => format!("{name} can't be opened: {other}"),
    };
    LedgerFault::Unusable(why.into())
}

/// What is told of a fault.
pub(super) fn broken(name: &str, fault: Fault) -> LedgerFault {
    let why = match fault {
        Fault::Storage(StorageError::Io(error)) => match error.kind() {
            ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::FileTooLarge
            | ErrorKind::ReadOnlyFilesystem => {
                return LedgerFault::NoRoom(format!("{name} can't be written: {error}").into());
            }
            // So redb calls a file that doesn't begin as its own do.
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => {
                format!("{name} is damaged, or no state file: {error}")
            }
            _ => format!("{name} can't be used: {error}"),
        },
        Fault::Storage(StorageError::Corrupted(detail)) => {
            format!("{name} is damaged: {detail}")
        }
        Fault::Storage(other) => format!("{name} can't be used: {other}"),
        Fault::Other(detail) => format!("{name} is damaged: {detail}"),
    };
    LedgerFault::Unusable(why.into())
}
