#pragma once

// From C++ to JavaScript and back: numbers in typed arrays, structs as objects, and an Error that
// says what the exception said.

#include <emscripten/bind.h>

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

namespace damla::playground {

using emscripten::val;

/// A struct that names its fields: visit_fields(visit) calls visit("p", p) for each.
template <class T>
concept Struct = requires(const T& t) {
  t.visit_fields([](const char*, const auto&) {});
};

inline val to_js(double number) { return val(number); }
inline val to_js(const std::string& text) { return val(text); }
inline val to_js(const std::vector<float>& numbers) {
  return val(emscripten::typed_memory_view(numbers.size(), numbers.data())).call<val>("slice");
}
inline val to_js(const std::vector<std::int32_t>& numbers) {
  return val(emscripten::typed_memory_view(numbers.size(), numbers.data())).call<val>("slice");
}
val to_js(const Struct auto& object);
template <class T>
val to_js(const std::vector<T>& list) {
  val array = val::array();
  for (std::size_t i = 0; i < list.size(); ++i) array.set(i, to_js(list[i]));
  return array;
}
val to_js(const Struct auto& object) {
  val result = val::object();
  object.visit_fields([&](const char* name, const auto& field) { result.set(name, to_js(field)); });
  return result;
}

template <class T>
T from_js(const val& value) {
  return value.as<T>();
}
template <>
inline std::vector<float> from_js(const val& value) {
  return emscripten::convertJSArrayToNumberVector<float>(value);
}
template <>
inline std::vector<std::int32_t> from_js(const val& value) {
  return emscripten::convertJSArrayToNumberVector<std::int32_t>(value);
}

/// What work() returns. Its exception becomes JavaScript's Error.
auto guarded(auto&& work) {
  std::string what;
  try {
    return work();
  } catch (const std::bad_alloc&) {
    what = "There is not enough memory for this; expected something smaller.";
  } catch (const std::exception& e) {
    what = e.what();
  }
  val::global("Error").new_(what).throw_();
}

template <class T>
using Any = val;

template <auto function>
struct Call;
template <class R, class... A, R (*function)(A...)>
struct Call<function> {
  static val of(Any<A>... arguments) {
    return guarded([&] { return to_js(function(from_js<std::decay_t<A>>(arguments)...)); });
  }
};
template <class Room, class R, class... A, R (Room::*method)(A...)>
struct Call<method> {
  static val of(Room& room, Any<A>... arguments) {
    return guarded([&] {
      if constexpr (std::is_void_v<R>)
        return (room.*method)(from_js<std::decay_t<A>>(arguments)...), val::undefined();
      else return to_js((room.*method)(from_js<std::decay_t<A>>(arguments)...));
    });
  }
};
template <class Room, class R, class... A, R (Room::*method)(A...) const>
struct Call<method> {
  static val of(Room& room, Any<A>... arguments) {
    return guarded([&] { return to_js((room.*method)(from_js<std::decay_t<A>>(arguments)...)); });
  }
};

/// Names a room, and what can be asked of it.
template <class Room>
struct Bound {
  emscripten::class_<Room> bound;

  explicit Bound(const char* name) : bound(name) {}
  template <class... A>
  Bound& constructor() {
    bound.constructor(
        +[](Any<A>... arguments) {
          return guarded([&] { return new Room(from_js<A>(arguments)...); });
        },
        emscripten::allow_raw_pointers());
    return *this;
  }
  template <auto method>
  Bound& function(const char* name) {
    bound.function(name, &Call<method>::of);
    return *this;
  }
  template <auto function_>
  Bound& class_function(const char* name) {
    bound.class_function(name, &Call<function_>::of);
    return *this;
  }
};

}  // namespace damla::playground
