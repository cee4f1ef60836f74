//! Lists and objects of JSON in an expression. The interpreter copies what it binds, passes and
//! gathers; of these it copies a reference.

use cel::ExecutionError;
use cel::common::traits::{Adder, Container, Indexer, Iterable, Sizer, Zeroer};
use cel::common::types::{CelList, CelMap, DYN_TYPE, Type};
use cel::common::value::{BuiltinRef, CowVal, StaticVal, Val};
use std::any::Any;
use std::sync::Arc;

/// A list or an object that is copied by reference. It is one of the interpreter's in all else.
#[derive(Debug, Clone)]
pub(super) enum Shared {
    List(Arc<CelList<'static>>),
    Map(Arc<CelMap<'static>>),
}

impl Shared {
    fn inner(&self) -> &(dyn Val + 'static) {
        match self {
            Shared::List(list) => list.as_ref(),
            Shared::Map(map) => map.as_ref(),
        }
    }
}

impl StaticVal for Shared {}

impl Val for Shared {
    fn get_type(&self) -> &Type {
        self.inner().get_type()
    }

    fn cel_type() -> &'static Type {
        &DYN_TYPE
    }

    fn as_adder<'b, 'v>(&'b self) -> Option<&'b (dyn Adder + 'v)>
    where
        Self: 'v,
    {
        self.inner().as_adder()
    }

    fn as_container(&self) -> Option<&dyn Container> {
        self.inner().as_container()
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn into_indexer<'v>(self: Box<Self>) -> Option<Box<dyn Indexer + 'v>>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_iterable<'b, 'v>(&'b self) -> Option<&'b (dyn Iterable + 'v)>
    where
        Self: 'v,
    {
        self.inner().as_iterable()
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        self.inner().as_sizer()
    }

    fn as_zeroer(&self) -> Option<&dyn Zeroer> {
        self.inner().as_zeroer()
    }

    fn equals(&self, other: &dyn Val) -> bool {
        self.inner().equals(other)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }

    fn as_builtin<'b, 'v>(&'b self) -> BuiltinRef<'b, 'v>
    where
        Self: 'v,
    {
        match self {
            Shared::List(list) => BuiltinRef::List(list),
            Shared::Map(map) => BuiltinRef::Map(map),
        }
    }
}

impl Indexer for Shared {
    fn get<'b, 'v>(&'b self, index: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        match self {
            Shared::List(list) => list.get(index),
            Shared::Map(map) => Indexer::get(map.as_ref(), index),
        }
    }

    fn steal<'v>(self: Box<Self>, index: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        Indexer::get(self.as_ref(), index).map(CowVal::into_owned)
    }
}
