//! Filters, sorts and searches over the properties of a record type.

use std::fmt;
use std::marker::PhantomData;

use super::Record;
use super::update::IntoValue;
use super::value::{Ordered, Tokens};
use crate::models::{Filter, FilterGroup, FilterOperator, Search};
use crate::values::Sort;

/// A property of the record type `R` whose values have the type `V`.
///
/// `#[derive(Record)]` writes a constant for each field. Filters and sorts of a search are made from it.
pub struct Property<R, V> {
    name: &'static str,
    types: PhantomData<fn() -> (R, V)>,
}

/// Derived constants call it: a function is checked faster than one that belongs to a type.
#[doc(hidden)]
pub const fn property<R, V>(name: &'static str) -> Property<R, V> {
    Property {
        name,
        types: PhantomData,
    }
}

impl<R, V> Property<R, V> {
    /// The property's internal name.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Finds records with exactly this value.
    pub fn eq(self, value: impl IntoValue<V>) -> RecordFilter<R> {
        self.compare(FilterOperator::Eq, value)
    }

    /// Finds records with another value.
    pub fn ne(self, value: impl IntoValue<V>) -> RecordFilter<R> {
        self.compare(FilterOperator::Neq, value)
    }

    /// Finds records with one of these values. HubSpot takes at most 100.
    pub fn is_in<T: IntoValue<V>>(self, values: impl IntoIterator<Item = T>) -> RecordFilter<R> {
        self.list(FilterOperator::In, values)
    }

    /// Finds records with none of these values. HubSpot takes at most 100.
    pub fn not_in<T: IntoValue<V>>(self, values: impl IntoIterator<Item = T>) -> RecordFilter<R> {
        self.list(FilterOperator::NotIn, values)
    }

    /// Finds records that have a value.
    pub fn has_value(self) -> RecordFilter<R> {
        RecordFilter::of(Filter::new(FilterOperator::HasProperty, self.name))
    }

    /// Finds records that have no value.
    pub fn has_no_value(self) -> RecordFilter<R> {
        RecordFilter::of(Filter::new(FilterOperator::NotHasProperty, self.name))
    }

    /// Sorts by this property, smallest first.
    pub fn ascending(self) -> RecordSort<R> {
        RecordSort::new(Sort::ascending(self.name))
    }

    /// Sorts by this property, largest first.
    pub fn descending(self) -> RecordSort<R> {
        RecordSort::new(Sort::descending(self.name))
    }

    fn compare(self, operator: FilterOperator, value: impl IntoValue<V>) -> RecordFilter<R> {
        let mut filter = Filter::new(operator, self.name);
        filter.value = value.into_filter();
        let unwritable = filter.value.is_none().then_some(self.name);
        RecordFilter::with(filter, unwritable)
    }

    fn list<T: IntoValue<V>>(
        self,
        operator: FilterOperator,
        values: impl IntoIterator<Item = T>,
    ) -> RecordFilter<R> {
        let mut filter = Filter::new(operator, self.name);
        filter.values = values.into_iter().map(IntoValue::into_filter).collect();
        let unwritable = filter.values.is_none().then_some(self.name);
        RecordFilter::with(filter, unwritable)
    }
}

impl<R, V> Property<R, V> {
    /// Finds records with a larger value.
    pub fn gt(self, value: impl IntoValue<V>) -> RecordFilter<R>
    where
        V: Ordered,
    {
        self.compare(FilterOperator::Gt, value)
    }

    /// Finds records with this value or a larger one.
    pub fn gte(self, value: impl IntoValue<V>) -> RecordFilter<R>
    where
        V: Ordered,
    {
        self.compare(FilterOperator::Gte, value)
    }

    /// Finds records with a smaller value.
    pub fn lt(self, value: impl IntoValue<V>) -> RecordFilter<R>
    where
        V: Ordered,
    {
        self.compare(FilterOperator::Lt, value)
    }

    /// Finds records with this value or a smaller one.
    pub fn lte(self, value: impl IntoValue<V>) -> RecordFilter<R>
    where
        V: Ordered,
    {
        self.compare(FilterOperator::Lte, value)
    }

    /// Finds records with a value between these two, both included.
    pub fn between(self, low: impl IntoValue<V>, high: impl IntoValue<V>) -> RecordFilter<R>
    where
        V: Ordered,
    {
        let mut filter = Filter::new(FilterOperator::Between, self.name);
        (filter.value, filter.high_value) = (low.into_filter(), high.into_filter());
        let is_written = filter.value.is_some() && filter.high_value.is_some();
        RecordFilter::with(filter, (!is_written).then_some(self.name))
    }

    /// Finds records whose value has this word; `*` stands for any beginning or end of it.
    pub fn contains_word(self, word: &str) -> RecordFilter<R>
    where
        V: Tokens,
    {
        RecordFilter::of(Filter::new(FilterOperator::ContainsToken, self.name).value(word))
    }

    /// Finds records whose value does not have this word; `*` stands for any beginning or end of it.
    pub fn lacks_word(self, word: &str) -> RecordFilter<R>
    where
        V: Tokens,
    {
        RecordFilter::of(Filter::new(FilterOperator::NotContainsToken, self.name).value(word))
    }
}

impl<R, V> Clone for Property<R, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, V> Copy for Property<R, V> {}

impl<R, V> fmt::Debug for Property<R, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Property").field(&self.name).finish()
    }
}

/// What records of the type `R` have to match.
///
/// HubSpot takes groups of filters: in a group all have to match, and of several groups one. [`and`](Self::and) of filters
/// with several groups makes a group of each pair. HubSpot takes at most 5 groups, 6 filters in each and 18 in all, and
/// refuses more with 400. A search with a value that cannot be written, such as `f64::NAN`, fails and is not sent.
#[must_use = "a filter does nothing until it is searched for"]
pub struct RecordFilter<R> {
    groups: Vec<Vec<Filter>>,
    /// A property with a value that cannot be written.
    unwritable: Option<&'static str>,
    record: PhantomData<fn() -> R>,
}

impl<R> RecordFilter<R> {
    fn of(filter: Filter) -> Self {
        Self::with(filter, None)
    }

    fn with(filter: Filter, unwritable: Option<&'static str>) -> Self {
        Self {
            groups: vec![vec![filter]],
            unwritable,
            record: PhantomData,
        }
    }

    /// Finds records that match both.
    pub fn and(self, other: Self) -> Self {
        let mut pairs = Vec::new();
        for other in other.groups {
            let groups = self.groups.iter();
            pairs.extend(groups.map(|one| one.iter().chain(&other).cloned().collect()));
        }
        Self {
            groups: pairs,
            unwritable: self.unwritable.or(other.unwritable),
            record: PhantomData,
        }
    }

    /// Finds records that match one of them.
    pub fn or(mut self, other: Self) -> Self {
        self.groups.extend(other.groups);
        self.unwritable = self.unwritable.or(other.unwritable);
        self
    }

    /// Searches with a maximum number of records per page, which is 10 by default and 200 at most.
    pub fn limit(self, limit: i32) -> RecordSearch<R> {
        RecordSearch::from(self).limit(limit)
    }

    /// Searches in this order.
    pub fn sort(self, sort: RecordSort<R>) -> RecordSearch<R> {
        RecordSearch::from(self).sort(sort)
    }
}

impl<R> Clone for RecordFilter<R> {
    fn clone(&self) -> Self {
        Self {
            groups: self.groups.clone(),
            ..*self
        }
    }
}

/// The order of the records that a search finds.
pub struct RecordSort<R> {
    sort: Sort,
    record: PhantomData<fn() -> R>,
}

impl<R> RecordSort<R> {
    fn new(sort: Sort) -> Self {
        Self {
            sort,
            record: PhantomData,
        }
    }
}

/// A search for records of the type `R`: filters, text, order and page.
#[must_use = "a search does nothing until it is sent"]
pub struct RecordSearch<R> {
    search: Search,
    unwritable: Option<&'static str>,
    record: PhantomData<fn() -> R>,
}

impl<R> RecordSearch<R> {
    /// Creates a search that finds all records.
    pub fn new() -> Self {
        Self {
            search: Search::new(),
            unwritable: None,
            record: PhantomData,
        }
    }

    /// Sets the maximum number of records per page: 10 by default, 200 at most.
    pub fn limit(mut self, limit: i32) -> Self {
        self.search.limit = Some(limit);
        self
    }

    /// Sets the order. HubSpot takes one.
    pub fn sort(mut self, sort: RecordSort<R>) -> Self {
        self.search.sorts = Some(vec![sort.sort]);
        self
    }

    /// Finds only records that have this text in one of the properties that HubSpot searches by default.
    pub fn query(mut self, text: impl Into<String>) -> Self {
        self.search.query = Some(text.into());
        self
    }

    /// Starts at the page of this cursor.
    pub fn after(mut self, cursor: impl Into<String>) -> Self {
        self.search.after = Some(cursor.into());
        self
    }
}

impl<R: Record> RecordSearch<R> {
    /// The body of the request, and a property with a value that cannot be written.
    pub(super) fn into_body(self) -> (Search, Option<&'static str>) {
        let body = self.search.properties(R::PROPERTIES.iter().copied());
        (body, self.unwritable)
    }
}

impl<R> Default for RecordSearch<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R> From<RecordFilter<R>> for RecordSearch<R> {
    fn from(filter: RecordFilter<R>) -> Self {
        let groups = filter.groups.into_iter().map(FilterGroup::new);
        Self {
            search: Search::new().filter_groups(groups),
            unwritable: filter.unwritable,
            record: PhantomData,
        }
    }
}

/// `Debug` that shows no values: they are data of an account.
macro_rules! debug_names {
    ($($name:ident)*) => {
        $(
            impl<R> fmt::Debug for $name<R> {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.debug_struct(stringify!($name)).finish_non_exhaustive()
                }
            }
        )*
    };
}

debug_names!(RecordFilter RecordSort RecordSearch);
