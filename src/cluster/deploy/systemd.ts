// An agent as a service of systemd, with what it needs and no more (man systemd.exec).
import { type AgentPlan, agentFlags, memoryLimit } from './agent-plan.ts';

const SECRET_FOLDER = '/etc/sixfold';

/** @param program where the command is on that machine @returns the text of `sixfold-agent.service` */
export function systemdUnit(plan: AgentPlan, program: string): string {
  const words = [program, ...agentFlags({ ...plan, stays: true }, SECRET_FOLDER)].map(quote).join(' ');
  return `# /etc/systemd/system/sixfold-agent.service; then: systemctl daemon-reload && systemctl enable --now sixfold-agent
[Unit]
Description=Sixfold agent: makes load for tests that are led from elsewhere
Documentation=https://nats.io
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=${words}
Environment=SIXFOLD_HISTORY=off
# At stop it takes no more tests and ends with the one in progress; after this long it is ended.
KillMode=mixed
TimeoutStopSec=3600
Restart=always
RestartSec=5
# Each connection is a file.
LimitNOFILE=1048576
MemoryHigh=${memoryLimit(plan)}M
DynamicUser=yes
StateDirectory=sixfold
CacheDirectory=sixfold
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
NoNewPrivileges=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
LockPersonality=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
UMask=0077

[Install]
WantedBy=multi-user.target
`;
}

/** A word of ExecStart: % begins a specifier, $ a variable. */
function quote(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w./:@,=+-]+$/.test(word) ? escaped : `"${escaped.replaceAll(/(["\\])/g, '\\$1')}"`;
}
