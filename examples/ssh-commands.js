// Runs commands on another machine. SSH_HOST names it (SSH_USER, SSH_PORT and SSH_KEY, too); without one there is nothing to do here.
// It needs the package ssh2: npm install ssh2
// needs: sshd
// try: --iterations 1
import { check } from 'k6';
import ssh from 'k6/x/ssh';

const host = __ENV.SSH_HOST;

export const options = { vus: 1, iterations: 3, thresholds: { ssh_command_failed: ['rate<=0.5'] } };

export default function () {
  if (!host) {
    console.log('set SSH_HOST, for example: -e SSH_HOST=10.0.0.5 -e SSH_USER=ada');
    return;
  }
  ssh.connect({
    host,
    port: Number(__ENV.SSH_PORT || 22),
    username: __ENV.SSH_USER || 'root',
    rsa_key: __ENV.SSH_KEY || '~/.ssh/id_rsa',
  });
  console.log(ssh.run('uname -a'));
  const { exit_code: code, stderr } = ssh.exec('ls /nowhere');
  check(code, { 'ls tells that it is not there': (status) => status !== 0 && stderr !== '' });
  ssh.close();
}
