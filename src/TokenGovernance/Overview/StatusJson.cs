using TokenGovernance.Budgets;
using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Overview;

/// <summary>A status as one JSON object. Fields may be added, never renamed; unknown is null.</summary>
static class StatusJson
{
    public static void Write(TextWriter output, Status status) => JsonFields.WriteObject(output, json =>
    {
        json.WriteString("now", UtcTime.Format(status.NowMs));
        json.WriteString("time_zone", status.Zone.Id);
        JsonFields.WriteFreshness(json, status.Freshness);
        JsonFields.WriteAll(json, "periods", status.Periods, period =>
        {
            json.WriteString("name", period.Name);
            JsonFields.WriteTime(json, "since", period.Report.Query.Range.FromMs);
            JsonFields.WriteTime(json, "until", period.Report.Query.Range.BeforeMs);
            JsonFields.WriteTotals(json, period.Now, period.Now);
            JsonFormat.WritePeriod(json, period.Report);
        });
        JsonFields.WriteAll(json, "top_this_month", status.Tops, top =>
        {
            json.WriteString("dimension", top.Dimension.NameOf());
            json.WriteString("name", top.Name);
            JsonFields.WriteTotals(json, top.Totals, status.Month.Now);
        });
        JsonFormat.WriteUnpriced(json, status.Month.Report);
        JsonFormat.WriteUnmeasured(json, status.Month.Report);
        json.WriteStartObject("quotas");
        QuotaJson.WriteQuotas(json, status.Quotas);
        json.WriteEndObject();
        BudgetJson.WriteBudgets(json, status.Budgets);
    });
}
