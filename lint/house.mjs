/**
 * Lint rules of this repository.
 *
 * pure-time: the pure layers take time and randomness as arguments. The compiler refuses them every Node and browser
 * API, but Date and Math are part of the language. `new Date(instant)`, which only formats, is fine.
 */
const clocks = new Set(['Date.now', 'Math.random', 'performance.now', 'crypto.getRandomValues', 'crypto.randomUUID']);

const pureTime = {
  create(context) {
    const report = (node, what) =>
      context.report({ node, message: `${what} in a pure layer: take the time or the random bytes as an argument.` });
    const isDate = ({ type, name }) => type === 'Identifier' && name === 'Date';
    return {
      MemberExpression(node) {
        const name = `${node.object.name}.${node.property.name ?? node.property.value}`;
        if (clocks.has(name)) report(node, name);
      },
      NewExpression(node) {
        if (isDate(node.callee) && node.arguments.length === 0) report(node, 'new Date()');
      },
      CallExpression(node) {
        if (isDate(node.callee)) report(node, 'Date()');
      },
    };
  },
};

export default { meta: { name: 'house' }, rules: { 'pure-time': pureTime } };
