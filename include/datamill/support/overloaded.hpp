#pragma once

namespace datamill::support {

/// Visitor made of lambdas: std::visit(Overloaded{[](A) {}, [](B) {}}, variant).
template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace datamill::support
