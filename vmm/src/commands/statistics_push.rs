//! statistics-push.json: clients that follow statistics, each on its own connection.

use qapi_schema::runtime::Error;
use qapi_schema::statistics_push::requests::UnsubscribeStatistics;
use qapi_schema::statistics_push::{
    StatisticsPushCommands, StatisticsSubscription, StatisticsSubscriptionInfo, StatisticsSubscriptionRequest,
};

use crate::subscriptions::Subscriber;

impl StatisticsPushCommands for Subscriber {
    fn subscribe_statistics(
        &self,
        arguments: StatisticsSubscriptionRequest,
    ) -> Result<StatisticsSubscription, Error> {
        Ok(StatisticsSubscription { subscription: self.subscribe(arguments)? })
    }

    fn unsubscribe_statistics(&self, arguments: UnsubscribeStatistics) -> Result<(), Error> {
        self.unsubscribe(arguments.subscription)
    }

    fn query_statistics_subscriptions(&self) -> Result<Vec<StatisticsSubscriptionInfo>, Error> {
        Ok(self.subscriptions())
    }
}
