namespace TokenGovernance.Tests.Budgets.Runaway;

/// <summary>Made-up spending in quarter-hours, of four kinds of agents. Each seed is another agent.</summary>
/// <param name="Quarters">Dollars of each quarter-hour.</param>
/// <param name="Responses">How many responses they were for.</param>
sealed record Workload(double[] Quarters, int Responses)
{
    public const int QuartersOfDay = 96;
    const double QuarterSeconds = 900;

    /// <summary>What an hour with usage costs on average.</summary>
    public double ActiveHour => Quarters.Chunk(4).Select(hour => hour.Sum()).Where(hour => hour > 0).Average();

    /// <summary>What a response costs on average.</summary>
    public double Response => Quarters.Sum() / Responses;

    public static Workload Of(string profile, int seed, int days)
    {
        var maker = new Maker(new Random(seed), days);
        switch (profile)
        {
            case "people":
                maker.AddPeople();
                break;
            case "cron":
                maker.AddJobs();
                break;
            case "mixed":
                maker.AddPeople();
                maker.AddJobs();
                break;
            case "steady":
                maker.AddService();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(profile), profile, "no profile");
        }

        return new Workload(maker.Quarters, maker.Responses);
    }

    /// <summary>The same with something that costs as much every quarter-hour for a day.</summary>
    public double[] WithLoop(int at, double perQuarter) =>
        [.. Quarters.Select((spent, quarter) => quarter >= at && quarter < at + QuartersOfDay ? spent + perQuarter : spent)];

    sealed class Maker(Random random, int days)
    {
        public double[] Quarters { get; } = new double[days * QuartersOfDay];

        public int Responses { get; private set; }

        /// <summary>Sessions around the afternoon, fewer at weekends; long ones and dear ones now and then; context grows.</summary>
        public void AddPeople()
        {
            var sessions = 2 + (8 * random.NextDouble());
            var price = LogNormal(0.03, 0.5);
            var length = 8 + (16 * random.NextDouble());
            for (var day = 0; day < days; day++)
            {
                for (var left = Poisson(day % 7 >= 5 ? sessions / 4 : sessions); left > 0; left--)
                {
                    var time = (day * 86_400) + (3600 * (14 + (3.5 * Normal())));
                    var responses = Math.Clamp((int)LogNormal(length, 1), 1, 400);
                    var model = price * LogNormal(1, 0.5) * (random.NextDouble() < 0.05 ? 4 : 1);
                    for (var i = 0; i < responses; i++)
                    {
                        Add(time, model * LogNormal(1, 0.5) * (1 + (i / 40.0)));
                        time += LogNormal(25, 1);
                    }
                }
            }
        }

        /// <summary>One to five jobs, each at its times; now and then one runs twice.</summary>
        public void AddJobs()
        {
            for (var left = 1 + random.Next(5); left > 0; left--)
            {
                var period = new[] { 900, 3600, 3600, 21_600, 86_400 }[random.Next(5)];
                var (responses, price) = (3 + (12 * random.NextDouble()), LogNormal(0.02, 0.6));
                for (var start = random.Next(period); start < days * 86_400; start += period)
                {
                    var time = start + (10 * random.NextDouble());
                    for (var i = (random.NextDouble() < 0.03 ? 2 : 1) * Math.Max(1, Poisson(responses)); i > 0; i--)
                    {
                        Add(time, price * LogNormal(1, 0.4));
                        time += 4 + (16 * random.NextDouble());
                    }
                }
            }
        }

        /// <summary>Requests all around the clock, more by day.</summary>
        public void AddService()
        {
            var (rate, price) = (0.3 + (2.7 * random.NextDouble()), LogNormal(0.01, 0.6));
            for (var quarter = 0; quarter < Quarters.Length; quarter++)
            {
                var hour = quarter % QuartersOfDay / 4.0;
                for (var i = Poisson(rate * 15 * (1 + (0.6 * Math.Sin((hour - 8) / 24 * 2 * Math.PI)))); i > 0; i--)
                {
                    Add(quarter * QuarterSeconds, price * LogNormal(1, 0.5));
                }
            }
        }

        void Add(double seconds, double dollars)
        {
            if ((int)(seconds / QuarterSeconds) is >= 0 and var quarter && quarter < Quarters.Length)
            {
                Quarters[quarter] += dollars;
                Responses++;
            }
        }

        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

        double LogNormal(double median, double sigma) => median * Math.Exp(sigma * Normal());

        int Poisson(double mean)
        {
            var (least, product, count) = (Math.Exp(-mean), random.NextDouble(), 0);
            while (product > least)
            {
                product *= random.NextDouble();
                count++;
            }

            return count;
        }
    }
}
