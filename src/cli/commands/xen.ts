import { Argument, Option, type Command } from '@commander-js/extra-typings';
import { globalOptions } from '../global-options.ts';

export function registerXen(program: Command): void {
  const xen = program
    .command('xen')
    .summary('IPv6 for the guests of a routed Xen host')
    .description('Give the guests of a routed Xen host their prefixes, gateway and filter as they come and go.');
  xen
    .command('vif')
    .summary('what the hotplug hook calls')
    .description(
      "Set up a guest's interface before the guest runs, or clear up after it. The hook of a hotplug script calls this; " +
        'what is not given comes from its environment. Offline always ends with 0.',
    )
    .addArgument(new Argument('<command>', 'what happens').choices(['online', 'offline', 'add', 'remove']))
    .addOption(new Option('--path <path>', 'where its backend is in xenstore').env('XENBUS_PATH'))
    .option('--device <name>', 'what the interface is called on Dom0 (default: as xenstore says)')
    .addOption(new Option('--type <type>', 'the kind of interface').choices(['vif', 'tap']).env('type_if'))
    .option('--ip <addresses>', 'the addresses that xl.cfg gives it (default: as xenstore says)')
    .action(async (event, options, command) => {
      if (event === 'offline' || event === 'remove') {
        const { clearVif } = await import('../clear-vif.ts');
        process.exitCode = await clearVif(globalOptions(command), options);
      } else {
        const { serveVif } = await import('../serve-vif.ts');
        process.exitCode = await serveVif(globalOptions(command), options);
      }
    });
  xen
    .command('install')
    .summary('the hook and the hotplug scripts')
    .description(
      'Write the hook that vif-route calls, and vif-route6, a hotplug script for IPv4 and IPv6. Files of others are never ' +
        'touched. To be done again when sixgate or Node moves.',
    )
    .option('--root <dir>', 'a directory that stands for the root of the machine', '/')
    .option('--command <path>', 'how the hook calls sixgate (default: this one)')
    .option('--vif-route-ipv6', 'also a vif-route-ipv6, for a vif-route that was patched to call it')
    .action(async (options, command) => {
      const { installXen } = await import('../install-xen.ts');
      process.exitCode = await installXen(globalOptions(command), options);
    });
  xen
    .command('uninstall')
    .summary('takes away what install wrote')
    .description('Remove the hook and the hotplug scripts that "install" wrote, as far as nobody changed them.')
    .option('--root <dir>', 'a directory that stands for the root of the machine', '/')
    .action(async (options, command) => {
      const { uninstallXen } = await import('../uninstall-xen.ts');
      process.exitCode = await uninstallXen(globalOptions(command), options);
    });
  xen
    .command('check')
    .summary('is all there that guests need?')
    .description(
      'Check the hook, the scripts of Xen, tools, the kernel, Dom0 and running guests, each with its mend. Exit code 3 where ' +
        'there is a problem.',
    )
    .action(async (_options, command) => {
      const { checkXen } = await import('../check-xen.ts');
      process.exitCode = await checkXen(globalOptions(command));
    });
  xen
    .command('sync')
    .summary('gives running guests what the configuration says now')
    .description(
      'Set up the interfaces of all running guests anew, after an edit of the configuration or when somebody flushed the ' +
        'firewall, and clear up after guests that are gone.',
    )
    .action(async (_options, command) => {
      const { syncXen } = await import('../sync-xen.ts');
      process.exitCode = await syncXen(globalOptions(command));
    });
  xen
    .command('status')
    .alias('list')
    .summary('the running guests and what they have')
    .description(
      'Print the interfaces of all running guests, what they have, and what is not as it should be. Exit code 3 where ' +
        'something is not.',
    )
    .action(async (_options, command) => {
      const { printXenStatus } = await import('../print-xen-status.ts');
      process.exitCode = await printXenStatus(globalOptions(command));
    });
  xen
    .command('import')
    .summary('an old ipv6.cfg as configuration')
    .description(
      'Print what an old ipv6.cfg (lines with ipv6_gateway_addr[NAME]=ADDRESS/LENGTH) says as a file for conf.d, and tell where ' +
        'the script that read it did something else than it seems. Nothing is printed while anything in it is wrong.',
    )
    .argument('<file>', 'the old file, as in /etc/xen/ipv6.cfg')
    .action(async (file, _options, command) => {
      const { importXen } = await import('../import-xen.ts');
      process.exitCode = await importXen(globalOptions(command), file);
    });
}
