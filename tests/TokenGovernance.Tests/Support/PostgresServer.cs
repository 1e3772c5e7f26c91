using System.Diagnostics;
using System.Globalization;
using Npgsql;
using TokenGovernance.Configuration;
using TokenGovernance.Fleet;

namespace TokenGovernance.Tests;

/// <summary>A real PostgreSQL server of the tests' own, on the loopback interface. It runs as nobody where the tests run as root: it refuses root.</summary>
public sealed class PostgresServer : IDisposable
{
    public const string User = "tokens";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    readonly string _folder = Directory.CreateTempSubdirectory("token-governance-pg-").FullName;
    int _databases;

    public PostgresServer()
    {
        using (var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        }

        Run("chmod", "777", _folder);
        Directory.CreateDirectory(Data);
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "nobody", Data);
        }

        RunServer("initdb", "-D", Data, "-A", "trust", "-U", User, "--no-sync", "-E", "UTF8", "--locale=C");
        File.AppendAllText(Path.Combine(Data, "postgresql.conf"), $"\nport = {Port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{_folder}'\nfsync = off\n");
        Start();
    }

    public int Port { get; }

    string Data => Path.Combine(_folder, "data");

    /// <summary>Starts it, and waits until it answers.</summary>
    public void Start() => RunServer("pg_ctl", "-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-t", "120", "start");

    /// <summary>Stops it: `fast` ends all connections, `immediate` is as a crash.</summary>
    public void Stop(string mode = "fast") => RunServer("pg_ctl", "-D", Data, "-m", mode, "-w", "-t", "120", "stop");

    /// <summary>Reads its configuration files again.</summary>
    public void Reload() => RunServer("pg_ctl", "-D", Data, "reload");

    /// <summary>Says who may connect, before all else.</summary>
    public void Authenticate(string lines)
    {
        var file = Path.Combine(Data, "pg_hba.conf");
        File.WriteAllText(file, lines + "\n" + File.ReadAllText(file));
        Reload();
    }

    /// <summary>Makes a database, with the fleet's tables if so wanted; returns its address.</summary>
    public string MakeDatabase(bool byMonth = true, bool withTables = true)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"db{Interlocked.Increment(ref _databases)}");
        Execute("postgres", $"CREATE DATABASE {name}");
        if (withTables)
        {
            Wait(async () =>
            {
                await using var target = Open(UrlOf(name));
                await FleetSetup.RunAsync(target, byMonth, withCitus: false, CancellationToken.None);
            });
        }

        return UrlOf(name);
    }

    public string UrlOf(string database, string user = User) => string.Create(CultureInfo.InvariantCulture, $"postgresql://{user}@127.0.0.1:{Port}/{database}");

    internal static FleetTarget Open(string url) =>
        PostgresAddress.TryParse(url, out var address, out var problem) ? new FleetTarget(address, passwordFile: null) : throw new FormatException(problem);

    /// <summary>Runs SQL in a database, named or by its address.</summary>
    public void Execute(string database, string sql) => Query(database, sql);

    /// <summary>The rows of a query.</summary>
    public IReadOnlyList<Dictionary<string, object?>> Query(string database, string sql)
    {
        using var connection = new NpgsqlConnection(string.Create(
            CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username={User};Database={database.Split('/')[^1]};Pooling=false;Timeout=60;Command Timeout=300"));
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var rows = new List<Dictionary<string, object?>>();
        while (reader.Read())
        {
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, column => reader.IsDBNull(column) ? null : reader.GetValue(column)));
        }

        return rows;
    }

    /// <summary>The first cell of a query's first row, as text.</summary>
    public string? Ask(string database, string sql) => Convert.ToString(Query(database, sql)[0].Values.First(), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        try
        {
            Stop("immediate");
        }
        catch (InvalidOperationException)
        {
            // A test has stopped it.
        }

        Run("rm", "-rf", _folder);
    }

    internal static void Wait(Func<Task> action) => Task.Run(action).Wait(Patience).Should().BeTrue("it ends");

    static void RunServer(string program, params string[] args)
    {
        var folder = Environment.GetEnvironmentVariable("TOKEN_GOVERNANCE_TEST_POSTGRES") is { Length: > 0 } named
            ? named
            : throw new InvalidOperationException("This test needs PostgreSQL: TOKEN_GOVERNANCE_TEST_POSTGRES names the folder of its programs, as .ci/checks/postgres.sh does.");
        string[] command = [Path.Combine(folder, program), .. args];
        if (Environment.IsPrivilegedProcess)
        {
            command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", .. command];
        }

        Run(command[0], command[1..]);
    }

    /// <summary>Its output goes nowhere: a server that was started would hold a pipe open.</summary>
    static void Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. args]) { WorkingDirectory = "/" })!;
        process.WaitForExit(Patience).Should().BeTrue();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', args)} ended with {process.ExitCode}.");
        }
    }
}
