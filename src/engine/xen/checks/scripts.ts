import { quote } from '../../../core/quote.ts';
import { ok, problem, unknown, warning, type Finding } from '../../doctor/finding.ts';
import type { XenConfig } from '../xen-config.ts';
import type { XenFacts } from './xen-facts.ts';

const install = 'sixgate xen install';

export function judgeScripts({ scripts }: XenFacts): Finding[] {
  if (scripts) return [ok('xen-scripts', 'the hotplug scripts of Xen are there')];
  return [problem('xen-scripts', 'there is no /etc/xen/scripts/vif-common.sh', 'apt install xen-utils-common')];
}

export function judgeHook({ hook }: XenFacts): Finding[] {
  const id = 'xen-hook';
  if (!hook.known) return [unknown(id, 'the hook', hook.why)];
  const { value } = hook;
  if (!value) return [problem(id, 'no hook calls sixgate when a guest starts', install)];
  const { path, program } = value;
  if (value.whose === 'foreign') {
    return [problem(id, `${path} is not from sixgate`, `Move it away, then: ${install}`)];
  }
  if (!value.executable) {
    return [problem(id, `${path} is not executable, so vif-route passes it by`, `chmod 755 ${path}`)];
  }
  if (!value.runs) return [problem(id, `${path} calls ${program ?? 'something'}, which cannot be run`, install)];
  if (value.whose === 'changed') {
    return [
      warning(id, `${path} was changed since sixgate wrote it`, `Compare it with another one: ${install} --root DIR`),
    ];
  }
  return [ok(id, `${path} calls ${program}`)];
}

/** What xl takes for guests whose xl.cfg names no script. */
export function judgeDefaultScript(facts: XenFacts, _config: XenConfig): Finding[] {
  const id = 'xen-default-script';
  const { defaultScript, tools, interfaces } = facts;
  if (!defaultScript.known) return [unknown(id, '/etc/xen/xl.conf', defaultScript.why)];
  const name = defaultScript.value;
  const base = name?.slice(name.lastIndexOf('/') + 1);
  const mend = 'vif.default.script="vif-route6" in /etc/xen/xl.conf, or script=vif-route6 in the "vif" of each xl.cfg';
  if (base === undefined || base === 'vif-bridge' || base === 'vif-openvswitch') {
    const found = `xl.conf says ${name === undefined ? 'nothing' : quote(name)}, so guests whose xl.cfg names no script are bridged and not served`;
    return [warning(id, found, mend)];
  }
  if (base !== 'vif-route') return [ok(id, `guests are routed by ${name}`)];
  const ifconfig = tools.get('ifconfig');
  if (ifconfig?.known && ifconfig.value === null) {
    return [
      problem(
        id,
        'vif-route calls ifconfig, which is missing: no guest can start',
        `apt install net-tools, or ${mend}`,
      ),
    ];
  }
  if (interfaces.known && !interfaces.value.some(({ ipv4 }) => ipv4.length > 0)) {
    return [problem(id, 'vif-route needs an IPv4 address on Dom0, and there is none: no guest can start', mend)];
  }
  return [ok(id, `guests are routed by ${name}`)];
}
