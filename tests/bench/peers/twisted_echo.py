"""tests/bench/peers/twisted_echo.py - `echo TEXT` on Twisted: a reactor that calls back.
Listens on a free port; SIGTERM ends it. Debian's package is python3-twisted."""
from twisted.internet import protocol, reactor
from twisted.protocols.basic import LineOnlyReceiver


class Echo(LineOnlyReceiver):
    delimiter = b"\n"
    MAX_LENGTH = 8192

    def connectionMade(self):
        self.transport.setTcpNoDelay(True)

    def lineReceived(self, line):
        self.sendLine(line[len("echo "):])


listener = reactor.listenTCP(
    0, protocol.Factory.forProtocol(Echo), backlog=4096, interface="127.0.0.1")
print(f"listening on 127.0.0.1:{listener.getHost().port}", flush=True)
reactor.run()
