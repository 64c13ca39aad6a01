declare module "damla-engine" {
  const start: (options: object) => Promise<any>;
  export default start;
}
