import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.bootstrap.BootstrapInfo;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.common.transport.BoundTransportAddress;
import org.elasticsearch.env.Environment;
import org.elasticsearch.http.HttpServerTransport;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;
import org.elasticsearch.transport.TransportService;

/**
 * One real Elasticsearch node on the loopback interface, without security: for tests and the demo, never for a service.
 *
 * <p>Arguments: the folder of the installation, the folder of its data, then any settings as name=value. It prints one
 * line, "ready HTTP-PORT TRANSPORT-PORT", once it answers, and lives until its standard input ends: so it never outlives
 * the process that started it, however that one dies.
 */
public final class EsNode {
    private static final String LOOPBACK = "127.0.0.1";

    public static void main(String[] arguments) {
        try {
            serve(Path.of(arguments[0]), settings(arguments));
            System.exit(0);
        } catch (Throwable failure) { // a start that failed half-way leaves threads that would keep the process alive
            failure.printStackTrace();
            System.exit(1);
        }
    }

    private static Settings settings(String[] arguments) {
        Settings.Builder settings = Settings.builder()
            .put("path.home", arguments[0])
            .put("path.data", arguments[1])
            .put("path.logs", Path.of(arguments[1], "logs").toString())
            .put("node.name", "n1")
            .put("network.host", LOOPBACK)
            .put("http.port", "0")
            .put("transport.port", "0")
            .put("cluster.routing.allocation.disk.threshold_enabled", false);
        for (int place = 2; place < arguments.length; place++) {
            String[] pair = arguments[place].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        return settings.build();
    }

    /** What the main class of the distribution does, less its agents, its bootstrap checks and its refusal of root. */
    private static void serve(Path home, Settings settings) throws Exception {
        PrintStream out = System.out; // from here on it is a log
        System.setProperty("es.path.home", home.toString());
        LogConfigurator.registerErrorListener();
        BootstrapInfo.init();
        LogConfigurator.setClusterName("unioncat");
        LogConfigurator.setNodeName(settings.get("node.name"));
        Environment environment = new Environment(settings, home.resolve("config"));
        LogConfigurator.configure(environment, false);

        var modules = PluginsLoader.loadModulesBundles(environment.modulesDir(), false);
        var plugins = PluginsLoader.loadPluginsBundles(environment.pluginsDir(), false);
        Node node = new Node(environment, PluginsLoader.createPluginsLoader(modules, plugins, Map.of(), false));
        node.start();
        int http = port(node.injector().getInstance(HttpServerTransport.class).boundAddress());
        int transport = port(node.injector().getInstance(TransportService.class).boundAddress());
        out.println("ready " + http + " " + transport);
        out.flush();

        while (System.in.read() >= 0) { // nothing is ever said to it
        }
        node.prepareForClose();
        node.close();
        node.awaitClose(10, TimeUnit.SECONDS);
    }

    private static int port(BoundTransportAddress bound) {
        return bound.publishAddress().getPort();
    }
}
