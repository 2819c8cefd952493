//! Has nothing to do with HubSpot, and does not even compile.

compile_error!("the audit has compiled what it need not");
